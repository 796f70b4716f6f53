import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import {
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_NAMESPACE,
  ATTR_SERVICE_VERSION,
} from '@opentelemetry/semantic-conventions';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { SERVICE } from '../logging/logger.js';
import { version } from '../version.js';
import { tellOutages } from './outages.js';
import { RegistryProducer } from './registry-producer.js';
import { traceRequests } from './request-spans.js';

/** Spans beyond these are dropped while the endpoint is slow or away. */
const MAX_QUEUED_SPANS = 2_048;
const MAX_SPANS_PER_EXPORT = 512;
/** One export, its retries included. */
const EXPORT_TIMEOUT_MS = 5_000;
const METRICS_INTERVAL_MS = 60_000;

/**
 * Nothing is registered globally: `OCO_THREADS=false` puts several contexts on one thread, each with its own.
 * @param endpoint base URL of an OTLP receiver that takes protobuf over HTTP
 */
export function startExport(endpoint: string, context: string, registry: Registry, log: Logger) {
  const base = endpoint.replace(/\/+$/, '');
  const resource = resourceFromAttributes({
    [ATTR_SERVICE_NAMESPACE]: SERVICE,
    [ATTR_SERVICE_NAME]: context,
    [ATTR_SERVICE_VERSION]: version,
    [ATTR_SERVICE_INSTANCE_ID]: randomUUID(),
  });
  const spans = new OTLPTraceExporter({ url: `${base}/v1/traces`, timeoutMillis: EXPORT_TIMEOUT_MS });
  const metrics = new OTLPMetricExporter({ url: `${base}/v1/metrics`, timeoutMillis: EXPORT_TIMEOUT_MS });
  tellOutages(spans, 'traces', log);
  tellOutages(metrics, 'metrics', log);
  const tracers = new NodeTracerProvider({
    resource,
    spanProcessors: [
      new BatchSpanProcessor(spans, {
        maxQueueSize: MAX_QUEUED_SPANS,
        maxExportBatchSize: MAX_SPANS_PER_EXPORT,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
      }),
    ],
  });
  const meters = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: metrics,
        exportIntervalMillis: METRICS_INTERVAL_MS,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
        metricProducers: [new RegistryProducer(registry, resource)],
      }),
    ],
  });
  const tracer = tracers.getTracer(SERVICE, version);
  return {
    tracer,
    observers: [traceRequests(tracer)],
    shutdown: async (deadlineMs: number) => {
      const flushed = Promise.allSettled([tracers.shutdown(), meters.shutdown()]);
      await Promise.race([flushed, wait(deadlineMs, undefined, { ref: false })]);
    },
  };
}
