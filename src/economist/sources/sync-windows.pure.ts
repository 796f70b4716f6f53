import { instant, type Instant } from '../../platform/time.js';
import type { SyncWindow } from './cost-source.js';

/** The month that is running, and the one before, which providers go on correcting after its end. UTC. */
export function lastTwoMonths(now: Instant): SyncWindow {
  const date = new Date(now);
  return { from: instant(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, 1)), to: now };
}
