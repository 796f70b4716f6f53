import { AppError } from '../errors/app-error.js';
import { platformErrors } from '../errors/platform.errors.js';

/** The store of the queue did not take the job: the caller may try again. */
export const unavailable = (cause: unknown): AppError =>
  new AppError(platformErrors.unavailable, 'The job queue cannot be reached; try again later.', {}, { cause });
