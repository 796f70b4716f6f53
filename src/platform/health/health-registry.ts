import { HealthIndicatorService } from '@nestjs/terminus';
import { z } from 'zod';
import { errorMessage } from '../logging/error-facts.js';
import { redact } from '../logging/redaction.pure.js';
import { version } from '../version.js';
import type { DependencyHealth, HealthReport } from './health.dto.js';

/** Something that the context depends on and can ask. */
export interface HealthCheck {
  /** Shown as the key in `dependencies`. */
  readonly name: string;
  /** Rejects when the dependency is away. Ended after two seconds, so it need not bound itself. */
  readonly check: () => Promise<void>;
  /** `health`: only reported. `readiness`: the main job cannot be done without it. */
  readonly requiredFor: 'health' | 'readiness';
}

const CHECK_TIMEOUT_MS = 2_000;
/** Probes from many sides share one check. */
const CHECK_CACHE_MS = 1_000;
/** Open without a key, so no place for a stack or a query. */
const MAX_ERROR_LENGTH = 200;

const outcomes = z.record(
  z.string(),
  z.object({ status: z.string(), responseTime: z.number(), message: z.string().optional() }),
);

/** What the context depends on, and whether that is there. Modules register their checks while they are built. */
export class HealthRegistry {
  private readonly checks = new Map<string, HealthCheck>();
  private readonly startedAt = performance.now();
  // Bounds and caches the checks; keyed by their names, so it holds as many entries as there are checks.
  private readonly indicators = new HealthIndicatorService();
  private stopping = false;

  /** @param service the context's name */
  constructor(private readonly service: string) {}

  /** @throws when the name is taken: one of the two would silently not be checked */
  register(check: HealthCheck): void {
    if (this.checks.has(check.name)) throw new Error(`A health check named '${check.name}' is registered already.`);
    this.checks.set(check.name, check);
  }

  /** From now on not ready, so that no balancer sends more. */
  markStopping(): void {
    this.stopping = true;
  }

  /** Everything the context depends on. */
  health(): Promise<HealthReport> {
    return this.report([...this.checks.values()]);
  }

  /** Only what the main job needs: can it be done now? */
  async readiness(): Promise<HealthReport> {
    const report = await this.report(
      [...this.checks.values()].filter(({ requiredFor }) => requiredFor === 'readiness'),
    );
    return this.stopping ? { ...report, status: 'stopping' } : report;
  }

  private async report(checks: readonly HealthCheck[]): Promise<HealthReport> {
    const entries = await Promise.all(checks.map(async (check) => [check.name, await this.ask(check)] as const));
    return {
      status: entries.every(([, { status }]) => status === 'ok') ? 'ok' : 'degraded',
      service: this.service,
      version,
      uptime_seconds: Math.floor((performance.now() - this.startedAt) / 1_000),
      dependencies: Object.fromEntries(entries),
    };
  }

  private async ask({ name, check }: HealthCheck): Promise<DependencyHealth> {
    const attempt = this.indicators.check(name).attempt(() => check().catch(rethrowBrief));
    const outcome = outcomes.parse(await attempt.withTimeout(CHECK_TIMEOUT_MS).cacheFor(CHECK_CACHE_MS))[name];
    const latency = outcome?.responseTime ?? 0;
    if (outcome?.status === 'up') return { status: 'ok', latency_ms: latency };
    return { status: 'down', latency_ms: latency, error: outcome?.message ?? 'no answer' };
  }
}

function rethrowBrief(error: unknown): never {
  throw new Error(redact(errorMessage(error)).slice(0, MAX_ERROR_LENGTH));
}
