import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { QueryRunner } from 'typeorm';
import type { Clock } from '../../../platform/time.js';
import { CLOCK, LOGGER } from '../../../platform/tokens.js';
import { Amount } from '../../charges/amount.js';
import { ConfiguredSources } from '../../sources/configured-sources.js';
import type { SourceTools } from '../../sources/cost-source.js';
import { CountedRequests } from '../../sources/counted-requests.js';
import { ProviderUsageRepository } from '../../sources/provider-usage.repository.js';
import type { SourceRow } from '../../sources/source.entity.js';
import { IngestionMetrics } from '../ingestion.metrics.js';
import type { ProviderUsage } from '../runs/run.js';
import type { RunRow } from '../runs/run.entity.js';
import { Heartbeat } from './heartbeat.js';
import { ProgressMeter } from './progress-meter.js';
import type { RunContext } from './run-context.js';
import { RunFolders } from './run-folders.js';
import { RunWork } from './run-work.repository.js';

/** A run in the hands of a worker. */
export interface RunAttempt {
  readonly context: RunContext;
  readonly tools: SourceTools;
  readonly isCancelled: boolean;
  /** Tells a last time how far it is, and removes the run's folder. */
  end(): Promise<void>;
}

/** Surrounds the work on a run: tells how far it is, hears of cancellation, counts requests, keeps its folder. */
@Injectable()
export class RunAttempts {
  constructor(
    @Inject(RunWork) private readonly work: RunWork,
    @Inject(RunFolders) private readonly folders: RunFolders,
    @Inject(ConfiguredSources) private readonly configured: ConfiguredSources,
    @Inject(ProviderUsageRepository) private readonly usage: ProviderUsageRepository,
    @Inject(IngestionMetrics) private readonly metrics: IngestionMetrics,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async begin(run: RunRow, source: SourceRow, connection: QueryRunner, stopping: AbortSignal): Promise<RunAttempt> {
    const cancelling = new AbortController();
    const signal = AbortSignal.any([stopping, cancelling.signal]);
    const meter = new ProgressMeter();
    const folder = await this.folders.make(run.id);
    const requests = await CountedRequests.open({
      sourceId: source.id,
      dailyCap: this.configured.dailyRequestCap(source),
      usage: this.usage,
      clock: this.clock,
      signal,
      onRequest: () => this.metrics.providerRequest(source.type),
    });
    const heartbeat = new Heartbeat(async () => {
      await requests.save();
      const at = new Date(this.clock.now());
      const isToEnd = await this.work.beat(run.id, at, meter.progress, sumOf(run, requests));
      if (isToEnd) cancelling.abort(new Error('The run was cancelled.'));
    }, this.log);
    return {
      context: { run, connection, signal, meter, now: () => this.clock.now() },
      tools: { signal, now: this.clock.now(), folder, requests },
      get isCancelled() {
        return cancelling.signal.aborted;
      },
      end: async () => {
        await heartbeat.stop();
        await this.folders.remove(run.id);
      },
    };
  }
}

/** What earlier attempts asked of the provider counts too. */
function sumOf(run: RunRow, { total }: CountedRequests): ProviderUsage {
  return {
    requests: Number(run.providerRequests) + total.requests,
    costUsd: new Amount(run.providerCostUsd).plus(total.costUsd).toFixed(),
    waitedMs: Number(run.waitedMs) + total.waitedMs,
  };
}
