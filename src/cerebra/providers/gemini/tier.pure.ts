import type { Tier } from '../../pricing/usage.js';

const TIERS: Readonly<Record<string, Tier>> = { flex: 'flex', priority: 'priority', batch: 'batch' };

/** The tier that a `serviceTier` means, in a request or a reply; all that are not known are billed as the standard one. */
export const tierOf = (name: unknown): Tier =>
  (typeof name === 'string' ? TIERS[name.toLowerCase()] : undefined) ?? 'standard';
