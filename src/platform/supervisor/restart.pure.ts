/** How soon a context that fell is tried again. */
export const FIRST_DELAY_MS = 250;
export const LONGEST_DELAY_MS = 30_000;
/** A context that served this long was well: its next fall counts as the first. */
export const HEALTHY_AFTER_MS = 60_000;

/**
 * @param failures in a row, this one included
 * @param random from 0 up to 1: spreads replicas that fell together, by up to a fifth either way
 */
export function restartDelayMs(failures: number, random: number): number {
  const doubled = Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), LONGEST_DELAY_MS);
  return Math.round(doubled * (0.8 + 0.4 * random));
}

/**
 * Failures in a row after one more.
 * @param servedMs how long the context had been ready when it fell; null where it never was
 */
export const failuresInARow = (before: number, servedMs: number | null): number =>
  servedMs !== null && servedMs >= HEALTHY_AFTER_MS ? 1 : before + 1;
