import { randomUUIDv7 } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../platform/time.js';
import { CLOCK } from '../../platform/tokens.js';
import { errorReply } from '../../platform/errors/error-reply.js';
import { ConfiguredSources } from './configured-sources.js';
import type { SourceCheck } from './cost-source.js';
import { CountedRequests } from './counted-requests.js';
import { ProviderUsageRepository } from './provider-usage.repository.js';
import type { SourceRow } from './source.entity.js';

const WITHIN_MS = 60_000;

/** Asks sources whether they can be read. */
@Injectable()
export class SourceTests {
  constructor(
    @Inject(ConfiguredSources) private readonly configured: ConfiguredSources,
    @Inject(ProviderUsageRepository) private readonly usage: ProviderUsageRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @returns at least one check; what cannot even be asked is one that failed */
  async test(source: SourceRow): Promise<readonly SourceCheck[]> {
    const signal = AbortSignal.timeout(WITHIN_MS);
    const folder = await mkdtemp(join(tmpdir(), `oco-source-${randomUUIDv7()}-`));
    const began = performance.now();
    const requests = await CountedRequests.open({
      sourceId: source.id,
      dailyCap: this.configured.dailyRequestCap(source),
      usage: this.usage,
      clock: this.clock,
      signal,
      onRequest: () => undefined,
    });
    try {
      const opened = await this.configured.open(source);
      return await opened.test({ signal, now: this.clock.now(), folder, requests });
    } catch (error) {
      const detail = signal.aborted ? `No answer within ${WITHIN_MS / 1_000} seconds.` : errorReply(error).message;
      return [{ name: 'source', ok: false, detail, latencyMs: Math.round(performance.now() - began) }];
    } finally {
      await requests.save();
      await rm(folder, { recursive: true, force: true });
    }
  }
}
