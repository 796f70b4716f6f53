import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { SourceRow } from '../sources/source.entity.js';
import type { RunRow } from './runs/run.entity.js';

/** Sources are at most a thousand, and so are the values of the label. */
@Injectable()
export class IngestionMetrics {
  private readonly charges: Counter<'source'>;
  private readonly speed: Gauge<'source'>;
  private readonly durations: Histogram<'kind' | 'status'>;
  private readonly lastSuccess: Gauge<'source'>;
  private readonly requests: Counter<'type'>;

  constructor(@Inject(Registry) registry: Registry) {
    const registers = [registry];
    this.charges = new Counter({
      name: 'economist_charges_ingested_total',
      help: 'Rows that runs on this replica made charges of.',
      labelNames: ['source'],
      registers,
    });
    this.speed = new Gauge({
      name: 'economist_ingest_rows_per_second',
      help: 'Rows a second of the latest run that ended here, from its beginning to its end.',
      labelNames: ['source'],
      registers,
    });
    this.durations = new Histogram({
      name: 'economist_run_duration_seconds',
      help: 'From the beginning of a run to its end.',
      labelNames: ['kind', 'status'],
      buckets: [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600],
      registers,
    });
    this.lastSuccess = new Gauge({
      name: 'economist_source_last_success_timestamp',
      help: 'When the latest run of the source that ended well here did so, in seconds since the epoch.',
      labelNames: ['source'],
      registers,
    });
    this.requests = new Counter({
      name: 'economist_provider_requests_total',
      help: 'Requests that were sent to providers, repeated ones too.',
      labelNames: ['type'],
      registers,
    });
  }

  providerRequest(type: string): void {
    this.requests.inc({ type });
  }

  runEnded({ kind, status, startedAt, completedAt, acceptedRows }: RunRow, source: SourceRow | null): void {
    if (startedAt === null || completedAt === null) return;
    const seconds = (completedAt.getTime() - startedAt.getTime()) / 1_000;
    this.durations.observe({ kind, status }, seconds);
    if (source === null || !status.startsWith('completed')) return;
    this.charges.inc({ source: source.name }, Number(acceptedRows));
    if (seconds > 0) this.speed.set({ source: source.name }, Number(acceptedRows) / seconds);
    this.lastSuccess.set({ source: source.name }, completedAt.getTime() / 1_000);
  }
}
