import { LATENCY_GROWTH } from '../ledger/rollups.js';

/** How many calls had their latency in which bucket. */
export type Latencies = ReadonlyMap<number, number>;

/**
 * The latency in milliseconds that `fraction` of the calls did not exceed: the middle of its bucket, at most 5 % from
 * what was measured. Null where nothing was.
 */
export function percentile(latencies: Latencies, fraction: number): number | null {
  const total = [...latencies.values()].reduce((sum, calls) => sum + calls, 0);
  let upTo = 0;
  for (const [bucket, calls] of [...latencies].sort(([left], [right]) => left - right)) {
    upTo += calls;
    if (upTo >= fraction * total) return Number((LATENCY_GROWTH ** (bucket + 0.5)).toPrecision(4));
  }
  return null;
}
