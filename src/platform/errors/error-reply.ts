import { HttpException } from '@nestjs/common';
import { AppError, type ErrorDetails, type ErrorSpec } from './app-error.js';
import { isDatabaseAway } from './database-away.pure.js';
import { platformErrors } from './platform.errors.js';

/** How an error is answered. */
export interface ErrorReply {
  readonly spec: ErrorSpec;
  readonly message: string;
  readonly details: ErrorDetails;
  readonly headers: Readonly<Record<string, string>>;
}

/** The body of every reply that is an error. */
export interface ErrorEnvelope {
  readonly error: { readonly code: string; readonly message: string; readonly details: ErrorDetails };
}

/** @returns what the caller may know; for a fault of ours that is nothing but the fact */
export function errorReply(error: unknown): ErrorReply {
  if (error instanceof AppError) return error;
  if (isDatabaseAway(error))
    return plain(platformErrors.unavailable, 'The database cannot be reached; try again later.');
  const status = statusOf(error);
  if (status === null) return plain(platformErrors.internal, 'Something went wrong here; it was logged.');
  return plain(specOf(status), error instanceof Error ? sentence(error.message) : 'The request cannot be served.');
}

export const envelopeOf = (reply: ErrorReply): ErrorEnvelope => ({
  error: { code: reply.spec.code, message: reply.message, details: reply.details },
});

const plain = (spec: ErrorSpec, message: string): ErrorReply => ({ spec, message, details: {}, headers: {} });

/** Of the refusals that the framework makes itself; null for what is no refusal. */
function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return refusal(error.getStatus());
  // Fastify's own, before Nest sees them.
  if (typeof error !== 'object' || error === null || !('code' in error) || !('statusCode' in error)) return null;
  return String(error.code).startsWith('FST_') && typeof error.statusCode === 'number'
    ? refusal(error.statusCode)
    : null;
}

const refusal = (status: number): number | null => (status >= 400 && status < 500 ? status : null);

function specOf(status: number): ErrorSpec {
  const known = Object.values(platformErrors).find((spec) => spec.status === status);
  return known ?? { ...platformErrors.badRequest, status };
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
