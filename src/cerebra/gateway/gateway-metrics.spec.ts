import { expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { instant } from '../../platform/time.js';
import { picoUsd } from '../pricing/money.js';
import { CallCounts } from './call-counts.js';
import { Call } from './call.js';
import { GatewayMetrics } from './gateway-metrics.js';

it('hands the plain counts to Prometheus, the same at each asking', async () => {
  const registry = new Registry();
  const counts = new CallCounts();
  const metrics = new GatewayMetrics(registry, counts);
  for (let calls = 0; calls < 3; calls++) {
    const call = new Call('id', instant(0));
    call.provider = 'openai';
    call.usage.input = 10;
    call.usage.cacheWrite5m = 2;
    call.cost = picoUsd(500_000_000_000n);
    counts.ended(call);
  }
  counts.unauthorized++;
  metrics.overheadSeconds.observe(0.0002);
  metrics.upstreamSeconds.observe(1.5);
  await registry.metrics();
  const text = await registry.metrics();
  expect(text).toContain('cerebra_requests_total{provider="openai",outcome="ok"} 3');
  expect(text).toContain('cerebra_tokens_total{bucket="input"} 30');
  expect(text).toContain('cerebra_tokens_total{bucket="cache_write_5m"} 6');
  expect(text).toContain('cerebra_cost_usd_total 1.5');
  expect(text).toContain('cerebra_unauthorized_total 1');
  expect(text).toContain('cerebra_upstream_seconds_sum 1.5');
  expect(text).toContain('cerebra_overhead_seconds_bucket{le="0.00025"} 1');
});
