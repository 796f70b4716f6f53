import type { MigrationClass } from '../../src/platform/bounded-context.js';
import { CreateCharges1764100000100 } from './1764100000100-create-charges.js';
import { CreateCostRollups1764100000200 } from './1764100000200-create-cost-rollups.js';
import { CreateSourcesAndRuns1764100000300 } from './1764100000300-create-sources-and-runs.js';
import { CreateExchangeRates1764100000400 } from './1764100000400-create-exchange-rates.js';
import { AddRunUpkeep1764100001100 } from './1764100001100-add-run-upkeep.js';

/** In the order in which they run; only ever appended to. */
export const economistMigrations: readonly MigrationClass[] = [
  CreateCharges1764100000100,
  CreateCostRollups1764100000200,
  CreateSourcesAndRuns1764100000300,
  CreateExchangeRates1764100000400,
  AddRunUpkeep1764100001100,
];
