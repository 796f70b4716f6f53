import { describe, expect, it } from '@jest/globals';
import { DataPointType } from '@opentelemetry/sdk-metrics';
import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import { parseMetrics, toMetricData, type Period } from './metric-data.pure.js';

const period: Period = { start: [1, 0], end: [2, 0] };

async function converted(fill: (registers: Registry[]) => void) {
  const registry = new Registry();
  registry.setDefaultLabels({ context: 'cerebra' });
  fill([registry]);
  return parseMetrics(await registry.getMetricsAsJSON()).flatMap((metric) => toMetricData(metric, period));
}

describe('toMetricData', () => {
  it('makes a monotonic sum of a counter, with all labels', async () => {
    const [data] = await converted((registers) =>
      new Counter({ name: 'calls', help: 'h', labelNames: ['kind'], registers }).inc({ kind: 'a' }, 3),
    );
    expect(data).toMatchObject({
      descriptor: { name: 'calls', description: 'h' },
      dataPointType: DataPointType.SUM,
      isMonotonic: true,
      dataPoints: [{ value: 3, attributes: { kind: 'a', context: 'cerebra' }, startTime: [1, 0], endTime: [2, 0] }],
    });
  });

  it('leaves out what is not a number yet', async () => {
    const [data] = await converted((registers) => new Gauge({ name: 'lag', help: 'h', registers }).set(Number.NaN));
    expect(data).toMatchObject({ dataPointType: DataPointType.GAUGE, dataPoints: [] });
  });

  it('makes single buckets of cumulative ones, one series per set of labels', async () => {
    const [data] = await converted((registers) => {
      const options = { name: 'seconds', help: 'h', labelNames: ['route'], buckets: [1, 2, 10], registers };
      const histogram = new Histogram(options);
      for (const value of [0.5, 1.5, 1.6, 11]) histogram.observe({ route: '/a' }, value);
      histogram.observe({ route: '/b' }, 5);
    });
    expect(data?.dataPoints).toMatchObject([
      { attributes: { route: '/a' }, value: { buckets: { boundaries: [1, 2, 10], counts: [1, 2, 0, 1] }, count: 4 } },
      { attributes: { route: '/b' }, value: { buckets: { counts: [0, 0, 1, 0] }, sum: 5, count: 1 } },
    ]);
  });

  it('has no place for a summary', async () => {
    const fill = (registers: Registry[]) => new Summary({ name: 's', help: 'h', registers }).observe(1);
    expect(await converted(fill)).toEqual([]);
  });
});
