import { randomUUIDv7 } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { notFound } from '../../platform/errors/platform.errors.js';
import type { Clock } from '../../platform/time.js';
import { CLOCK } from '../../platform/tokens.js';
import { BudgetGate } from './budget-gate.js';
import { BudgetedEntities } from './budgeted-entities.js';
import { BudgetMap, toBudget } from './budget-map.js';
import type { BudgetRow } from './budget.entity.js';
import { toReply, type BudgetReply, type BudgetSettings, type NewBudget } from './budgets.dto.js';
import { BudgetsRepository } from './budgets.repository.js';

/** Makes and changes budgets, and says what they have spent. */
@Injectable()
export class BudgetsService {
  constructor(
    @Inject(BudgetsRepository) private readonly budgets: BudgetsRepository,
    @Inject(BudgetedEntities) private readonly entities: BudgetedEntities,
    @Inject(BudgetMap) private readonly map: BudgetMap,
    @Inject(BudgetGate) private readonly gate: BudgetGate,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @param manager of the transaction that it belongs to; then {@link BudgetMap.refresh} is the caller's to call */
  async create({ scope, entity_id, ...settings }: NewBudget, manager?: EntityManager): Promise<BudgetRow> {
    const now = new Date(this.clock.now());
    const row = {
      id: randomUUIDv7(),
      scope,
      // What is made in the same transaction is named by its id, and can't be seen from outside yet.
      entityId: manager === undefined ? await this.entities.find(scope, entity_id) : entity_id,
      ...columnsOf(settings),
      createdAt: now,
      updatedAt: now,
      countedSince: now,
      deletedAt: null,
    };
    const saved = await this.budgets.insert(row, manager);
    if (manager === undefined) await this.map.refresh();
    return saved;
  }

  async get(id: string): Promise<BudgetRow> {
    const row = await this.budgets.find(id);
    if (!row) throw notFound(`Budget '${id}'`);
    return row;
  }

  /** Calls that are running stay charged to the window that they began in. */
  async update(id: string, settings: BudgetSettings): Promise<BudgetRow> {
    const now = new Date(this.clock.now());
    const saved = await this.budgets.change(id, (row) => {
      const sameWindows = row.period === settings.period && row.timeZone === settings.time_zone;
      return { ...columnsOf(settings), updatedAt: now, countedSince: sameWindows ? row.countedSince : now };
    });
    await this.map.refresh();
    return saved;
  }

  async delete(id: string): Promise<void> {
    await this.budgets.change(id, () => ({ deletedAt: new Date(this.clock.now()) }));
    await this.map.refresh();
  }

  /** With what it has spent. */
  async describe(row: BudgetRow): Promise<BudgetReply> {
    const budget = this.map.get(row.id) ?? toBudget(row);
    return toReply(row, budget.limit, await this.gate.state(budget));
  }
}

const columnsOf = (settings: BudgetSettings) => ({
  limitNano: settings.limit_usd.toString(),
  period: settings.period,
  timeZone: settings.time_zone,
  hard: settings.hard,
  thresholdsPct: settings.thresholds_pct,
  onStoreFailure: settings.on_store_failure,
});
