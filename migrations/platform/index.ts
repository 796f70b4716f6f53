import type { ContextStorage } from '../../src/platform/bounded-context.js';

/** What the platform itself keeps: shared by every context, migrated before any of them. */
export const platformStorage: ContextStorage & { readonly name: string } = {
  name: 'platform',
  schema: 'platform',
  entities: [],
  // In the order in which they run; only ever appended to.
  migrations: [],
};
