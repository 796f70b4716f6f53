import { Inject, Injectable } from '@nestjs/common';
import type { Connections } from '../../platform/connections.js';
import { HealthRegistry } from '../../platform/health/health-registry.js';
import { CONNECTIONS } from '../../platform/tokens.js';
import { GateCounts } from './gate-counts.js';

/** Shows on `/health` whether budgets are counted now; in memory they always are. */
@Injectable()
export class BudgetStoreHealth {
  constructor(
    @Inject(CONNECTIONS) { redisUrl }: Pick<Connections, 'redisUrl'>,
    @Inject(GateCounts) counts: GateCounts,
    @Inject(HealthRegistry) health: HealthRegistry,
  ) {
    if (redisUrl === null) return;
    health.register({
      name: 'budget_store',
      // Without it each budget's `on_store_failure` decides, and calls without a hard one go on.
      requiredFor: 'health',
      check: async () => {
        if (counts.mode() === 'away') throw new Error('The Redis that counts budgets does not answer.');
      },
    });
  }
}
