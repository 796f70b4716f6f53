import { z } from 'zod';

/** What the load generator is told, and what it answers; both travel as JSON. */
export const loadOptions = z.object({
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  connections: z.number(),
  seconds: z.number(),
  warmup: z.number(),
  /** Requests per second, open loop; 0 is a closed loop: each connection asks again as soon as it was answered. */
  rate: z.number(),
});

export const loadResult = z.object({
  answered: z.number(),
  failed: z.number(),
  firstFailure: z.string(),
  /** Milliseconds. */
  p50: z.number().nullable(),
  p99: z.number().nullable(),
  /** Milliseconds of the measured window. */
  elapsed: z.number(),
});

export type LoadOptions = z.output<typeof loadOptions>;
export type LoadResult = z.output<typeof loadResult>;
