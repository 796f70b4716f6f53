import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { toIso, type Instant } from '../../platform/time.js';

/** Of requests to a provider: how many, and what it charges for them in USD, as decimal text. */
export interface Usage {
  readonly requests: number;
  readonly costUsd: string;
}

/** `economist.provider_usage`: what each source has asked of its provider, by UTC day. */
@Injectable()
export class ProviderUsageRepository {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  async requestsOn(sourceId: string, day: Instant): Promise<number> {
    const [row]: { requests: string }[] = await this.dataSource.query(
      'SELECT requests FROM economist.provider_usage WHERE source_id = $1 AND day = $2::date',
      [sourceId, toIso(day).slice(0, 10)],
    );
    return Number(row?.requests ?? 0);
  }

  async add(sourceId: string, day: Instant, { requests, costUsd }: Usage): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO economist.provider_usage AS known (source_id, day, requests, cost_usd) VALUES ($1, $2::date, $3, $4)
       ON CONFLICT (source_id, day) DO UPDATE
       SET requests = known.requests + excluded.requests, cost_usd = known.cost_usd + excluded.cost_usd`,
      [sourceId, toIso(day).slice(0, 10), requests, costUsd],
    );
  }
}
