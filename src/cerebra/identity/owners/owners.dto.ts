import { z } from 'zod';
import { listFields, listReplyFields } from '../../../platform/http/list.js';
import { plainText } from '../../../platform/http/plain-text.js';
import { entityId } from '../entity-id.js';
import { origins, type Origin } from './owner.js';
import type { OwnerRow } from './owner.entity.js';

const name = plainText(200, 'Search team');

/** An id, or a name that only one has. */
const reference = z.string().trim().min(1).max(200).nullish();

const id = entityId.optional().describe('Taken as given, so that headers can name it; made where it is left out.');
const orgOf = reference.describe('The id of an organization, or its name.');
const teamOf = reference.describe('The id of a team, or its name.');

export const updateOrganizationBody = z.strictObject({ name }).meta({ id: 'UpdateOrganization' });
export const updateTeamBody = z.strictObject({ name, org_id: orgOf }).meta({ id: 'UpdateTeam' });
export const updateAgentBody = z.strictObject({ name, org_id: orgOf, team_id: teamOf }).meta({ id: 'UpdateAgent' });

export const createOrganizationBody = updateOrganizationBody.extend({ id }).meta({ id: 'CreateOrganization' });
export const createTeamBody = updateTeamBody.extend({ id }).meta({ id: 'CreateTeam' });
export const createAgentBody = updateAgentBody.extend({ id }).meta({ id: 'CreateAgent' });

/** What may be said of any of the three. */
export interface OwnerSettings {
  readonly name: string;
  readonly org_id?: string | null | undefined;
  readonly team_id?: string | null | undefined;
}

export interface NewOwner extends OwnerSettings {
  readonly id?: string | undefined;
}

const common = {
  id: z.string(),
  name: z.string(),
  origin: z.enum(origins).describe('Made by this API, or by a header that named it first.'),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
};

export const organizationReply = z.object(common).meta({ id: 'Organization' });
export const teamReply = z.object({ ...common, org_id: z.string().nullable() }).meta({ id: 'Team' });
export const agentReply = z
  .object({
    ...common,
    org_id: z.string().nullable().describe('Null: that of its team, if any.'),
    team_id: z.string().nullable(),
  })
  .meta({ id: 'Agent' });

const list = listFields(z.tuple([z.iso.datetime(), z.string()]));

export const organizationsQuery = z.strictObject(list);
export const teamsQuery = z.strictObject({ org_id: z.string().optional(), ...list });
export const agentsQuery = z.strictObject({ org_id: z.string().optional(), team_id: z.string().optional(), ...list });

/** Any of the three. */
export type OwnersQuery = z.output<typeof agentsQuery>;

export const organizationsReply = z.object({ organizations: z.array(organizationReply), ...listReplyFields });
export const teamsReply = z.object({ teams: z.array(teamReply), ...listReplyFields });
export const agentsReply = z.object({ agents: z.array(agentReply), ...listReplyFields });

const toCommon = (
  row: OwnerRow,
): { id: string; name: string; origin: Origin; created_at: string; updated_at: string } => ({
  id: row.id,
  name: row.name,
  origin: row.origin,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});

export const toOrganization = (row: OwnerRow): z.output<typeof organizationReply> => toCommon(row);
export const toTeam = (row: OwnerRow): z.output<typeof teamReply> => ({ ...toCommon(row), org_id: row.orgId });
export const toAgent = (row: OwnerRow): z.output<typeof agentReply> => ({ ...toTeam(row), team_id: row.teamId });
