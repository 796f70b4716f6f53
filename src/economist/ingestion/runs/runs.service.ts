import { randomUUIDv7 } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { conflict } from '../../../platform/errors/platform.errors.js';
import type { Clock } from '../../../platform/time.js';
import { CLOCK } from '../../../platform/tokens.js';
import type { SourceRow } from '../../sources/source.entity.js';
import { SourceRuns } from '../runner/source-runs.job.js';
import type { RunKind } from './run.js';
import type { NamedRun } from './run.entity.js';
import type { RunRequest } from './run-request.js';
import { RunsRepository } from './runs.repository.js';

/** Starts runs and ends them before their time. */
@Injectable()
export class RunsService {
  constructor(
    @Inject(RunsRepository) private readonly runs: RunsRepository,
    @Inject(SourceRuns) private readonly work: SourceRuns,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @returns the run that waits now @throws {AppError} 429 where too many of the source wait already */
  async start(source: SourceRow, kind: RunKind, request: RunRequest): Promise<NamedRun> {
    const id = randomUUIDv7();
    await this.runs.insert({ id, sourceId: source.id, kind, request, createdAt: new Date(this.clock.now()) });
    await this.work.call(source.id, id);
    return this.runs.get(id);
  }

  /** What it has swapped in stays. @throws {AppError} 404; 409 where it is over and was not cancelled */
  async cancel(id: string): Promise<NamedRun> {
    const isTold = await this.runs.cancel(id, new Date(this.clock.now()));
    const named = await this.runs.get(id);
    if (!isTold) throw conflict(`Run '${id}' is over (${named.run.status}); there is nothing to cancel.`);
    return named;
  }
}
