import { ValueType, type HrTime } from '@opentelemetry/api';
import { AggregationTemporality, DataPointType, type DataPoint, type MetricData } from '@opentelemetry/sdk-metrics';
import { z } from 'zod';

// prom-client's own types say that `type` is a number; it is a word.
const metricSchema = z.object({
  name: z.string(),
  help: z.string(),
  type: z.enum(['counter', 'gauge', 'histogram', 'summary']),
  values: z.array(
    z.object({
      // A gauge without samples is NaN, which `z.number()` refuses.
      value: z.custom<number>((value) => typeof value === 'number'),
      metricName: z.string().optional(),
      labels: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
});

export type PrometheusMetric = z.output<typeof metricSchema>;
type Sample = PrometheusMetric['values'][number];

export const parseMetrics = (metrics: unknown): PrometheusMetric[] => z.array(metricSchema).parse(metrics);

export interface Period {
  readonly start: HrTime;
  readonly end: HrTime;
}

/** A Prometheus metric in OpenTelemetry's model; nothing for a summary, which that model has no place for. */
export function toMetricData(metric: PrometheusMetric, period: Period): MetricData[] {
  const common = {
    descriptor: { name: metric.name, description: metric.help, unit: '', valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  switch (metric.type) {
    case 'counter':
      return [
        { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: numbers(metric.values, period) },
      ];
    case 'gauge':
      return [{ ...common, dataPointType: DataPointType.GAUGE, dataPoints: numbers(metric.values, period) }];
    case 'histogram':
      return [{ ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints: histograms(metric, period) }];
    case 'summary':
      return [];
    default:
      return metric.type satisfies never;
  }
}

function numbers(samples: readonly Sample[], { start, end }: Period): DataPoint<number>[] {
  return samples
    .filter(({ value }) => Number.isFinite(value))
    .map(({ value, labels }) => ({ startTime: start, endTime: end, attributes: labels, value }));
}

interface Series {
  readonly labels: Sample['labels'];
  /** Upper bound → count of all values up to it, as Prometheus keeps them. */
  readonly upTo: [bound: number, count: number][];
  sum: number;
  count: number;
}

function histograms(metric: PrometheusMetric, { start, end }: Period) {
  const series = new Map<string, Series>();
  for (const { value, labels, metricName } of metric.values) {
    const { le, ...own } = labels;
    const key = JSON.stringify(own);
    const one = series.get(key) ?? { labels: own, upTo: [], sum: 0, count: 0 };
    series.set(key, one);
    if (metricName === `${metric.name}_sum`) one.sum = value;
    else if (metricName === `${metric.name}_count`) one.count = value;
    else if (le !== undefined && le !== '+Inf') one.upTo.push([Number(le), value]);
  }
  return [...series.values()].map(({ labels, upTo, sum, count }) => ({
    startTime: start,
    endTime: end,
    attributes: labels,
    value: { buckets: bucketsOf(upTo, count), sum, count },
  }));
}

/** OpenTelemetry counts each bucket by itself, and has one more for what is above the last bound. */
function bucketsOf(upTo: readonly [bound: number, count: number][], total: number) {
  const sorted = [...upTo].sort(([left], [right]) => left - right);
  const cumulative = [...sorted.map(([, count]) => count), total];
  return {
    boundaries: sorted.map(([bound]) => bound),
    counts: cumulative.map((count, index) => count - (cumulative[index - 1] ?? 0)),
  };
}
