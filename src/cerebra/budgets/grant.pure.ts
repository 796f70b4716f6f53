import { nanoUsd, type NanoUsd } from '../pricing/money.js';

/** More would cut each call to a length that is of no use. */
const SHARERS_MAX = 8;

/**
 * What is held for a call that fits, of what the tightest budget has. Where that is less than the call asks, those
 * who wait get a share of it too: else the first would take all, and the others wait for its end one after another.
 */
export function grantOf(bound: NanoUsd, least: NanoUsd, room: number, sharers: number): NanoUsd {
  if (room >= bound) return bound;
  return nanoUsd(Math.max(least, Math.floor(room / Math.min(sharers, SHARERS_MAX))));
}
