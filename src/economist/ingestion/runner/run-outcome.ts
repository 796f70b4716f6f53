import { QueryRunnerAlreadyReleasedError } from 'typeorm';
import { AppError } from '../../../platform/errors/app-error.js';
import { isDatabaseAway } from '../../../platform/errors/database-away.pure.js';
import { errorReply } from '../../../platform/errors/error-reply.js';
import type { RunError, RunStatus } from '../runs/run.js';

/** How a run that a worker took has ended. */
export interface RunOutcome {
  readonly status: RunStatus;
  readonly error: RunError | null;
}

export const completed = (rejectedRows: number): RunOutcome => ({
  status: rejectedRows > 0 ? 'completed_with_rejections' : 'completed',
  error: null,
});

export const cancelled: RunOutcome = { status: 'cancelled', error: null };

/** @returns what users may know of it: of a fault of ours only that it is one */
export function failed(error: unknown): RunOutcome {
  const { spec, message } = errorReply(error);
  return { status: 'failed', error: { code: spec.code, message } };
}

/** Whether the same run may go well in a moment: it is not over then, and goes on where it was. */
export const isPassing = (error: unknown): boolean =>
  !(error instanceof AppError) && (isDatabaseAway(error) || error instanceof QueryRunnerAlreadyReleasedError);
