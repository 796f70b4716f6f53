import { platformStorage } from '../../../migrations/platform/index.js';
import type { BoundedContext } from '../bounded-context.js';
import type { NamedStorage } from './migrator.js';

/** What these contexts keep, in the order in which it is migrated: the platform's own first. */
export const storagesOf = (contexts: readonly BoundedContext[]): readonly NamedStorage[] => [
  platformStorage,
  ...contexts.flatMap(({ name, storage }) => (storage === undefined ? [] : [{ name, ...storage }])),
];
