import { IsNull, type EntityManager, type FindOptionsWhere } from 'typeorm';
import { invalid } from '../../../platform/errors/platform.errors.js';
import { OwnerRow } from './owner.entity.js';
import { ownerWords, type Named, type OwnerKind } from './owner.js';

const FIELDS: Readonly<Record<OwnerKind, string>> = { org: 'org_id', team: 'team_id', agent: 'agent_id' };

/**
 * Turns names into ids, and sees to it that all of them exist and fit each other until the transaction ends.
 * @throws {AppError} 422 for the first that does not
 */
export async function settleReferences(manager: EntityManager, given: Named): Promise<Named> {
  const agent = await find(manager, 'agent', given.agentId);
  const team = await find(manager, 'team', given.teamId);
  const org = await find(manager, 'org', given.orgId);
  if (agent !== null && team !== null && agent.teamId !== null && agent.teamId !== team.id) {
    throw invalid({ team_id: `agent '${agent.id}' belongs to the team '${agent.teamId}'` });
  }
  const teamOfAll = team ?? (await find(manager, 'team', agent?.teamId ?? null));
  const orgOfAll = teamOfAll?.orgId ?? agent?.orgId ?? null;
  if (org !== null && orgOfAll !== null && orgOfAll !== org.id) {
    throw invalid({ org_id: `it stands below the organization '${orgOfAll}' already, by its team or agent` });
  }
  return { orgId: org?.id ?? null, teamId: team?.id ?? null, agentId: agent?.id ?? null };
}

/** By its id, or else by its name. Held, so that it cannot be deleted before what refers to it is there. */
async function find(manager: EntityManager, kind: OwnerKind, given: string | null): Promise<OwnerRow | null> {
  if (given === null) return null;
  const live = { kind, deletedAt: IsNull() };
  const byId = await held(manager, { ...live, id: given });
  if (byId[0] !== undefined) return byId[0];
  const [only, another] = await held(manager, { ...live, name: given });
  const what = ownerWords[kind].toLowerCase();
  if (only === undefined) throw invalid({ [FIELDS[kind]]: `there is no ${what} '${given}': make it first` });
  if (another !== undefined) throw invalid({ [FIELDS[kind]]: `several have the name '${given}': give the id of one` });
  return only;
}

const held = (manager: EntityManager, where: FindOptionsWhere<OwnerRow>): Promise<OwnerRow[]> =>
  manager.find(OwnerRow, { where, take: 2, lock: { mode: 'pessimistic_read' } });
