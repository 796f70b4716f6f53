import { Inject, Injectable } from '@nestjs/common';
import { Counter, Histogram, Registry } from 'prom-client';
import { tokenBuckets } from '../pricing/usage.js';
import { CallCounts } from './call-counts.js';

const OVERHEAD_BUCKETS = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05];
const REPLY_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

const PICO_PER_USD = 1e12;

/** `cacheWrite5m` → `cache_write_5m`, as the API names it. */
const snakeCase = (name: string): string => name.replace(/[A-Z]|5m|1h/g, (part) => `_${part.toLowerCase()}`);

/** The gateway's metrics, read out of the counts when Prometheus asks. */
@Injectable()
export class GatewayMetrics {
  readonly overheadSeconds = new Histogram({
    name: 'cerebra_overhead_seconds',
    help: 'Time that the gateway itself added before the first byte.',
    buckets: OVERHEAD_BUCKETS,
    registers: [],
  });
  readonly firstByteSeconds = new Histogram({
    name: 'cerebra_time_to_first_byte_seconds',
    help: 'Time until the provider began to answer.',
    buckets: REPLY_BUCKETS,
    registers: [],
  });
  readonly upstreamSeconds = new Histogram({
    name: 'cerebra_upstream_seconds',
    help: 'Time from sending a call to the end of the reply, however it ended.',
    buckets: REPLY_BUCKETS,
    registers: [],
  });

  constructor(@Inject(Registry) registry: Registry, @Inject(CallCounts) counts: CallCounts) {
    registry.registerMetric(this.overheadSeconds);
    registry.registerMetric(this.firstByteSeconds);
    registry.registerMetric(this.upstreamSeconds);
    registry.registerMetric(
      new Counter({
        name: 'cerebra_requests_total',
        help: 'Calls that have ended, by provider and outcome; no provider where none was reached for.',
        labelNames: ['provider', 'outcome'],
        registers: [],
        collect() {
          this.reset();
          for (const [provider, outcomes] of counts.calls) {
            for (const [outcome, count] of outcomes) this.inc({ provider, outcome }, count);
          }
        },
      }),
    );
    registry.registerMetric(
      new Counter({
        name: 'cerebra_tokens_total',
        help: 'Tokens, by disjoint bucket.',
        labelNames: ['bucket'],
        registers: [],
        collect() {
          this.reset();
          for (const bucket of tokenBuckets) this.inc({ bucket: snakeCase(bucket) }, counts.tokens[bucket]);
        },
      }),
    );
    registry.registerMetric(
      total('cerebra_cost_usd_total', 'Cost of all calls in USD.', () => Number(counts.costPico) / PICO_PER_USD),
    );
    registry.registerMetric(
      total(
        'cerebra_unauthorized_total',
        'Calls turned away without a valid key, or with malformed headers in its place.',
        () => counts.unauthorized,
      ),
    );
  }
}

const total = (name: string, help: string, read: () => number): Counter =>
  new Counter({
    name,
    help,
    registers: [],
    collect() {
      this.reset();
      this.inc(read());
    },
  });
