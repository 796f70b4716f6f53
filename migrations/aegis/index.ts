import type { MigrationClass } from '../../src/platform/bounded-context.js';
import { CreateClusters1764200000100 } from './1764200000100-create-clusters.js';

/** In the order in which they run; only ever appended to. */
export const aegisMigrations: readonly MigrationClass[] = [CreateClusters1764200000100];
