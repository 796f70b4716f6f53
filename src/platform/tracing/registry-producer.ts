import type { HrTime } from '@opentelemetry/api';
import { millisToHrTime } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { CollectionResult, MetricProducer } from '@opentelemetry/sdk-metrics';
import type { Registry } from 'prom-client';
import { SERVICE } from '../logging/logger.js';
import { version } from '../version.js';
import { parseMetrics, toMetricData } from './metric-data.pure.js';

/** Gives what Prometheus scrapes to OpenTelemetry too, so that each thing is counted in one place only. */
export class RegistryProducer implements MetricProducer {
  private readonly start: HrTime = millisToHrTime(Date.now());

  constructor(
    private readonly registry: Registry,
    private readonly resource: Resource,
  ) {}

  async collect(): Promise<CollectionResult> {
    const period = { start: this.start, end: millisToHrTime(Date.now()) };
    const metrics = parseMetrics(await this.registry.getMetricsAsJSON());
    const data = metrics.flatMap((metric) => toMetricData(metric, period));
    return {
      resourceMetrics: {
        resource: this.resource,
        scopeMetrics: [{ scope: { name: SERVICE, version }, metrics: data }],
      },
      errors: [],
    };
  }
}
