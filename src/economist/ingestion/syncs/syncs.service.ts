import { Inject, Injectable } from '@nestjs/common';
import { invalid } from '../../../platform/errors/platform.errors.js';
import { toIso, type Clock } from '../../../platform/time.js';
import { CLOCK } from '../../../platform/tokens.js';
import { ConfiguredSources } from '../../sources/configured-sources.js';
import type { SourceRow } from '../../sources/source.entity.js';
import type { NamedRun } from '../runs/run.entity.js';
import { RunsService } from '../runs/runs.service.js';
import type { SyncBody } from './syncs.dto.js';

/** Starts runs that ask a source what there is. */
@Injectable()
export class SyncsService {
  constructor(
    @Inject(ConfiguredSources) private readonly configured: ConfiguredSources,
    @Inject(RunsService) private readonly runs: RunsService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws {AppError} 422 where nothing lies between the two days */
  async start(source: SourceRow, { from, to }: SyncBody): Promise<NamedRun> {
    const restated = this.configured.typeOf(source.type).restates(this.clock.now());
    const window = { from: from ?? restated.from, to: to ?? restated.to };
    if (window.from >= window.to) throw invalid({ from: '`from` must be before `to`.' });
    const kind = from === undefined && to === undefined ? 'sync' : 'backfill';
    return this.runs.start(source, kind, { kind: 'window', from: toIso(window.from), to: toIso(window.to) });
  }
}
