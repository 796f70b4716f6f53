import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import { instant } from '../../platform/time.js';
import type { Caller } from '../identity/caller.js';
import { nanoUsd } from '../pricing/money.js';
import { Revisions } from '../revisions/revisions.js';
import type { Budget } from './budget-gate.js';
import { BudgetIndex } from './budget-index.js';
import { BudgetRow } from './budget.entity.js';

/** What is followed in `cerebra.revisions`. */
export const BUDGETS = 'budgets';

/** All budgets in memory, in step with the table on every replica. Bounded by the number that may be made. */
@Injectable()
export class BudgetMap implements OnModuleInit {
  private readonly index = new BudgetIndex();
  private read: (() => Promise<void>) | null = null;

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Revisions) private readonly revisions: Revisions,
  ) {}

  async onModuleInit(): Promise<void> {
    this.read = await this.revisions.follow(BUDGETS, (revision) => this.readChanges(revision));
  }

  /** The budgets that a call draws on. The same array for every call of a key where no model or provider has one. */
  applicable(caller: Caller, model: string, provider: string): readonly Budget[] {
    return this.index.covering(caller, model, provider);
  }

  get(id: string): Budget | null {
    return this.index.get(id);
  }

  all(): readonly Budget[] {
    return this.index.all();
  }

  /** For the replica that wrote: its own change holds before it answers. The others poll. */
  async refresh(): Promise<void> {
    await this.read?.();
  }

  private async readChanges(after: bigint): Promise<bigint> {
    const changed = await this.dataSource.manager.find(BudgetRow, {
      where: { revision: MoreThan(after.toString()) },
      order: { revision: 'ASC' },
    });
    let newest = after;
    for (const row of changed) {
      if (row.deletedAt === null) this.index.put(toBudget(row));
      else this.index.remove(row.id);
      newest = BigInt(row.revision);
    }
    return newest;
  }
}

/** As the gate holds it. */
export const toBudget = (row: BudgetRow): Budget =>
  Object.freeze({
    id: row.id,
    scope: row.scope,
    entityId: row.entityId,
    limit: nanoUsd(Number(row.limitNano)),
    period: row.period,
    timeZone: row.timeZone,
    hard: row.hard,
    onStoreFailure: row.onStoreFailure,
    createdAt: instant(row.createdAt.getTime()),
    countedSince: instant(row.countedSince.getTime()),
  });
