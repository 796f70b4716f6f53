import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import type { Connections } from '../../platform/connections.js';
import type { Clock } from '../../platform/time.js';
import { CLOCK, CONFIG, CONNECTIONS, LOGGER } from '../../platform/tokens.js';
import type { CerebraConfig } from '../cerebra.config.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { SpoolLedger } from '../ledger/spool-ledger.js';
import { spentSince } from '../ledger/spent.repository.js';
import { PricingModule } from '../pricing/pricing.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { BudgetGate } from './budget-gate.js';
import { BudgetedEntities } from './budgeted-entities.js';
import { BudgetMap } from './budget-map.js';
import { BudgetMetrics } from './budget-metrics.js';
import { BudgetStoreHealth } from './budget-store.health.js';
import { BudgetsController } from './budgets.controller.js';
import { BudgetsRepository } from './budgets.repository.js';
import { BudgetsService } from './budgets.service.js';
import { GateCounts } from './gate-counts.js';
import { MemoryBudgetGate } from './memory-budget-gate.js';
import { RedisBudgetGate } from './redis-budget-gate.js';
import { Store } from './redis/store.js';
import { Spending } from './spending.js';

/** So long the start waits for Redis; after that each budget's `on_store_failure` decides until it answers. */
const FIRST_ANSWER_MS = 3_000;

/** Budgets, and the gate that every call passes. */
@Module({
  imports: [RevisionsModule, LedgerModule, PricingModule, ProvidersModule],
  controllers: [BudgetsController],
  providers: [
    BudgetedEntities,
    BudgetMap,
    BudgetMetrics,
    BudgetStoreHealth,
    BudgetsRepository,
    BudgetsService,
    GateCounts,
    {
      provide: Spending,
      inject: [DataSource, SpoolLedger, CLOCK, LOGGER],
      useFactory: readFromLedger,
    },
    {
      provide: BudgetGate,
      inject: [CONNECTIONS, CONFIG, Spending, GateCounts, BudgetMap, CLOCK, LOGGER],
      useFactory: makeGate,
    },
  ],
  exports: [BudgetGate, BudgetMap, BudgetsService],
})
export class BudgetsModule implements OnApplicationShutdown {
  constructor(@Inject(BudgetGate) private readonly gate: BudgetGate) {}

  async onApplicationShutdown(): Promise<void> {
    await this.gate.stop();
  }
}

function readFromLedger(dataSource: DataSource, ledger: SpoolLedger, clock: Clock, log: Logger): Spending {
  return new Spending(
    async (budget, since) => {
      // Before that, calls of an earlier process, or of the last moment, are missing from the sum.
      await ledger.upToDate();
      return spentSince(dataSource, budget.scope, budget.entityId, since);
    },
    clock,
    (error) => log.warn({ err: error }, 'what budgets have spent cannot be read from the ledger'),
  );
}

async function makeGate(
  { redisUrl }: Connections,
  { budgetWaitMs: waitMs }: CerebraConfig,
  spending: Spending,
  counts: GateCounts,
  budgets: BudgetMap,
  clock: Clock,
  log: Logger,
): Promise<BudgetGate> {
  if (redisUrl === null) return new MemoryBudgetGate(clock, spending, counts, (id) => budgets.get(id) !== null, waitMs);
  const store = new Store(redisUrl, log);
  await store.opened(FIRST_ANSWER_MS);
  return new RedisBudgetGate({ store, spending, counts, clock, log, waitMs });
}
