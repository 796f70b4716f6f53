import { z } from 'zod';

const dependency = z.object({ status: z.string(), latency_ms: z.number().optional(), error: z.string().optional() });

/**
 * What the console reads of a context's `/health`: as much as it shows, and forgiving,
 * because the context may run another version in a deployment of its own.
 */
const healthReply = z.object({
  status: z.enum(['ok', 'degraded', 'stopping']),
  version: z.string().optional(),
  uptime_seconds: z.number().optional(),
  /** Said by the supervisor, which answers while the context is down. */
  reason: z.string().optional(),
  dependencies: z.record(z.string(), dependency).default({}),
});

export type HealthReply = z.output<typeof healthReply>;

/** @returns null where it is not the reply of a context */
export function parseHealthReply(text: string): HealthReply | null {
  try {
    return healthReply.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
