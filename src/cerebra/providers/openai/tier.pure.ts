import type { Tier } from '../../pricing/usage.js';

/** `fast` is a later name of the same. */
const TIERS: Readonly<Record<string, Tier>> = { flex: 'flex', priority: 'priority', fast: 'priority', batch: 'batch' };

/** The tier that a `service_tier` means; `default`, `scale` and all that are not known are billed as the standard one. */
export const tierOf = (name: unknown): Tier => (typeof name === 'string' ? TIERS[name] : undefined) ?? 'standard';

/** The dearest tier that a request may be served in: `auto` leaves the choice to the settings of the project. */
export const dearestTier = (asked: string | null): Tier => (asked === 'auto' ? 'priority' : tierOf(asked));
