import type { Tracer } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Settings } from '../config/settings.js';
import type { RequestObserver } from '../metrics/observe-requests.js';

/** OpenTelemetry of one context. */
export interface Telemetry {
  /** Null where no endpoint is configured: then there is nothing to start a span with, and nothing to pay. */
  readonly tracer: Tracer | null;
  /** Makes a span of each management request. */
  readonly observers: readonly RequestObserver[];
  /** Sends what is left, for no longer than the deadline; what an absent endpoint does not take is dropped. */
  shutdown(deadlineMs: number): Promise<void>;
}

const off: Telemetry = { tracer: null, observers: [], shutdown: async () => {} };

/**
 * Starts the export of traces and metrics where an endpoint is configured.
 * Without one, not even the code is loaded.
 */
export async function startTelemetry(
  settings: Pick<Settings, 'otlpEndpoint'>,
  context: string,
  registry: Registry,
  log: Logger,
): Promise<Telemetry> {
  if (settings.otlpEndpoint === null) return off;
  const { startExport } = await import('./otlp-export.js');
  return startExport(settings.otlpEndpoint, context, registry, log);
}
