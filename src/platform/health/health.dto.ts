import { z } from 'zod';

const dependencyHealthSchema = z.object({
  status: z.enum(['ok', 'down']),
  latency_ms: z.number(),
  /** One line, without secrets. */
  error: z.string().optional(),
});

export const healthReportSchema = z.object({
  status: z.enum(['ok', 'degraded', 'stopping']),
  service: z.string(),
  version: z.string(),
  uptime_seconds: z.number(),
  dependencies: z.record(z.string(), dependencyHealthSchema),
});

export const livenessSchema = z.object({ status: z.literal('ok') });

export type DependencyHealth = z.output<typeof dependencyHealthSchema>;
export type HealthReport = z.output<typeof healthReportSchema>;
export type Liveness = z.output<typeof livenessSchema>;
