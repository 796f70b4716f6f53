import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { QueryRunner } from 'typeorm';
import { AppError } from '../../../platform/errors/app-error.js';
import type { Clock } from '../../../platform/time.js';
import { CLOCK, LOGGER } from '../../../platform/tokens.js';
import { economistErrors } from '../../economist.errors.js';
import type { Delivery, Part } from '../../sources/cost-source.js';
import type { SourceRow } from '../../sources/source.entity.js';
import { SourcesRepository } from '../../sources/sources.repository.js';
import { DeliveryLoader } from '../deliveries/delivery-loader.js';
import { dropStaging } from '../loading/staging.js';
import type { RunRow } from '../runs/run.entity.js';
import { RunAttempts, type RunAttempt } from './run-attempts.js';
import { RunDeliveries } from './run-deliveries.js';
import { RunEnds } from './run-ends.js';
import { cancelled, completed, failed, isPassing, type RunOutcome } from './run-outcome.js';
import { RunWork } from './run-work.repository.js';

/** Some may have been the fault of a machine; a run that ends its worker every time is to be looked at. */
const MOST_ATTEMPTS = 5;

/** Works on one run, from where whoever had it before was. */
@Injectable()
export class RunRunner {
  constructor(
    @Inject(RunWork) private readonly work: RunWork,
    @Inject(RunAttempts) private readonly attempts: RunAttempts,
    @Inject(RunDeliveries) private readonly deliveries: RunDeliveries,
    @Inject(DeliveryLoader) private readonly loader: DeliveryLoader,
    @Inject(RunEnds) private readonly ends: RunEnds,
    @Inject(SourcesRepository) private readonly sources: SourcesRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * @param connection holds the lock of the run's source
   * @throws where the run has not ended and is to be taken over: the process stops, or the database is away
   */
  async run(runId: string, connection: QueryRunner, stopping: AbortSignal): Promise<void> {
    const run = await this.work.take(runId, new Date(this.clock.now()));
    if (run === null) return;
    const source = await this.sources.find(run.sourceId);
    const outcome =
      source === null || run.cancelAsked || run.attempts > MOST_ATTEMPTS
        ? refusalOf(run)
        : await this.attempt(run, source, connection, stopping);
    await this.ends.end(runId, source, outcome);
  }

  private async attempt(
    run: RunRow,
    source: SourceRow,
    connection: QueryRunner,
    stopping: AbortSignal,
  ): Promise<RunOutcome> {
    const attempt = await this.attempts.begin(run, source, connection, stopping);
    try {
      await this.bringAll(attempt, source);
      return completed(await this.work.rejectedRows(run.id));
    } catch (error) {
      if (stopping.aborted) {
        await this.work.letGo(run.id);
        throw error;
      }
      if (attempt.isCancelled) return cancelled;
      if (isPassing(error)) throw error;
      if (!(error instanceof AppError)) this.log.error({ err: error, run: run.id }, 'A run failed.');
      return failed(error);
    } finally {
      await attempt.end();
      await dropStaging(connection.manager, run.id).catch((error: unknown) => {
        this.log.debug({ err: error, run: run.id }, 'Staged rows are left to the upkeep.');
      });
    }
  }

  private async bringAll({ context, tools }: RunAttempt, source: SourceRow): Promise<void> {
    const { run, meter, signal } = context;
    const deliveries = await this.deliveries.list(run, source, tools);
    meter.expect(bytesOf(deliveries.flatMap(({ parts }) => parts)));
    meter.pass(Number(run.acceptedRows) + Number(run.rejectedRows), 0);
    for (const delivery of deliveries) {
      signal.throwIfAborted();
      if (isDone(run, delivery)) meter.pass(0, bytesOf(delivery.parts) ?? 0);
      else await this.loader.bring(context, delivery);
    }
  }
}

/** By an earlier attempt. */
const isDone = (run: RunRow, { key }: Delivery): boolean => run.doneDeliveries.includes(key);

/** For a run that is ended before it begins. */
function refusalOf(run: RunRow): RunOutcome {
  if (run.cancelAsked) return cancelled;
  if (run.attempts > MOST_ATTEMPTS) {
    const message = `${MOST_ATTEMPTS} workers took the run, and none of them ended it. Look for the cause in the logs.`;
    return failed(new AppError(economistErrors.runAbandoned, message));
  }
  return failed(new AppError(economistErrors.sourceDeleted, 'The source was deleted before the run was over.'));
}

/** Null where one of them does not tell. */
function bytesOf(parts: readonly Part[]): number | null {
  let sum = 0;
  for (const part of parts) {
    if (part.kind !== 'file' || part.bytes === null) return null;
    sum += part.bytes;
  }
  return sum;
}
