import { z } from 'zod';

const dependencySchema = z.object({
  status: z.string(),
  latency_ms: z.number().nullable(),
  error: z.string().nullable(),
});

export const contextStatusSchema = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  /** `not_running`: nobody listens there, as where the context is switched off. `unreachable`: no usable answer. */
  status: z.enum(['ok', 'degraded', 'stopping', 'not_running', 'unreachable']),
  /** From here on null or empty where the console may be seen from other machines, or the context did not say. */
  version: z.string().nullable(),
  uptime_seconds: z.number().nullable(),
  reason: z.string().nullable(),
  dependencies: z.record(z.string(), dependencySchema),
  docs_url: z.string().nullable(),
});

export const contextListSchema = z.object({ contexts: z.array(contextStatusSchema), total: z.number() });

export type ContextStatus = z.output<typeof contextStatusSchema>;
export type ContextList = z.output<typeof contextListSchema>;
