import { AppError, type ErrorDetails } from '../../../platform/errors/app-error.js';
import { economistErrors } from '../../economist.errors.js';

/** An error as it crosses from one process to another, where classes are lost. */
export interface PackedFailure {
  readonly message: string;
  /** Of an {@link AppError}, or of the driver. */
  readonly code: string | null;
  readonly details: ErrorDetails;
  readonly stack: string | null;
}

export function packFailure(error: unknown): PackedFailure {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? null) : null;
  if (error instanceof AppError) return { message, code: error.spec.code, details: error.details, stack };
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
  return { message, code, details: {}, stack };
}

export function unpackFailure({ message, code, details, stack }: PackedFailure): Error {
  const spec = Object.values(economistErrors).find((known) => known.code === code);
  const error = spec === undefined ? Object.assign(new Error(message), { code }) : new AppError(spec, message, details);
  // Where it happened, not where it arrived.
  if (stack !== null) error.stack = stack;
  return error;
}
