import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { Schedules } from '../../platform/jobs/schedules.js';
import { LOGGER } from '../../platform/tokens.js';
import type { ClusterRow } from './cluster.entity.js';
import { ClustersRepository } from './clusters.repository.js';
import { ClustersService } from './clusters.service.js';

/** Clusters that are looked at at one time. */
const AT_ONCE = 16;

/** Keeps version and status of every cluster fresh, every minute on one replica. */
@Injectable()
export class ClusterWatch implements OnModuleInit {
  constructor(
    @Inject(Schedules) private readonly schedules: Schedules,
    @Inject(ClustersRepository) private readonly clusters: ClustersRepository,
    @Inject(ClustersService) private readonly service: ClustersService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.schedules.add({ name: 'clusters.watch', cron: '* * * * *', run: (_slot, signal) => this.lookAtAll(signal) });
  }

  async lookAtAll(signal: AbortSignal): Promise<void> {
    const rows = (await this.clusters.all()).values();
    // They share one iterator, so that each takes the next row when it is done with the last.
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.lookAtSome(rows, signal)));
  }

  private async lookAtSome(rows: Iterable<ClusterRow>, signal: AbortSignal): Promise<void> {
    for (const row of rows) {
      if (signal.aborted) return;
      try {
        const { status, statusReason } = await this.service.look(row, signal);
        if (status === row.status) continue;
        this.log.info({ cluster: row.name, status, reason: statusReason }, 'the status of a cluster changed');
      } catch (error) {
        if (!signal.aborted) this.log.warn({ err: error, cluster: row.name }, 'a cluster could not be looked at');
      }
    }
  }
}
