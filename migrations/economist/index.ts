import type { MigrationClass } from '../../src/platform/bounded-context.js';

/** In the order in which they run; only ever appended to. */
export const economistMigrations: readonly MigrationClass[] = [];
