import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import { Revisions } from '../../revisions/revisions.js';
import { OwnerRow } from './owner.entity.js';
import type { Named, OwnerKind, Parents } from './owner.js';

/**
 * What is followed in `cerebra.revisions`. Before `keys` in the order of names: a key that is known before the place of
 * its team would not be held by the budgets above.
 */
export const HIERARCHY = 'hierarchy';

/** All organisations, teams and agents in memory, on every replica. Bounded by the number that may be made. */
@Injectable()
export class OwnerMap implements OnModuleInit {
  readonly #known: Readonly<Record<OwnerKind, Map<string, Parents>>> = {
    org: new Map(),
    team: new Map(),
    agent: new Map(),
  };
  #generation = 0;
  #read: (() => Promise<void>) | null = null;

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Revisions) private readonly revisions: Revisions,
  ) {}

  async onModuleInit(): Promise<void> {
    this.#read = await this.revisions.follow(HIERARCHY, (revision) => this.#readChanges(revision));
  }

  /** Another one after every change: what was made of the former answers may be wrong. */
  get generation(): number {
    return this.#generation;
  }

  knows(kind: OwnerKind, id: string): boolean {
    return this.#known[kind].has(id);
  }

  /**
   * What stands above a call: an agent brings its team along, and a team its organisation. Where a team is placed, its
   * place counts, whatever else is said.
   */
  above({ orgId, teamId, agentId }: Named): Parents {
    const agent = agentId === null ? undefined : this.#known.agent.get(agentId);
    const team = teamId ?? agent?.teamId ?? null;
    const orgOfTeam = team === null ? null : this.#known.team.get(team)?.orgId;
    return { teamId: team, orgId: orgOfTeam ?? orgId ?? agent?.orgId ?? null };
  }

  /** For the replica that wrote: its own change holds before it answers. The others poll. */
  async refresh(): Promise<void> {
    await this.#read?.();
  }

  async #readChanges(after: bigint): Promise<bigint> {
    const changed = await this.dataSource.manager.find(OwnerRow, {
      where: { revision: MoreThan(after.toString()) },
      order: { revision: 'ASC' },
    });
    let newest = after;
    for (const { kind, id, orgId, teamId, deletedAt, revision } of changed) {
      if (deletedAt === null) this.#known[kind].set(id, { orgId, teamId });
      else this.#known[kind].delete(id);
      newest = BigInt(revision);
    }
    if (newest !== after) this.#generation++;
    return newest;
  }
}
