import { economistMigrations } from '../../migrations/economist/index.js';
import { defineContext } from '../platform/bounded-context.js';
import { economistConfig } from './economist.config.js';
import { economistErrors } from './economist.errors.js';
import { EconomistModule } from './economist.module.js';
import { RunRow } from './ingestion/runs/run.entity.js';
import { SourceRow } from './sources/source.entity.js';

/** The FinOps core: what every cloud charged, exact to the cent. */
export const economist = defineContext({
  name: 'economist',
  title: 'Economist',
  description: 'Multi-cloud FinOps core',
  config: economistConfig,
  storage: { schema: 'economist', entities: [RunRow, SourceRow], migrations: economistMigrations },
  errors: economistErrors,
  module: EconomistModule,
});
