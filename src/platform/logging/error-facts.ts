import { types } from 'node:util';

/** What a log line tells of an error. */
export interface ErrorFacts {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string | number;
  readonly cause?: ErrorFacts;
  readonly errors?: readonly ErrorFacts[];
}

const MAX_DEPTH = 4;
const MAX_ERRORS = 10;

/**
 * Chosen fields only: libraries hang whole requests, query parameters and replies on their errors,
 * and those hold prompts and credentials.
 */
export function errorFacts(error: unknown, depth = 0): ErrorFacts {
  if (!types.isNativeError(error)) return { type: typeof error, message: plainText(error) };
  const code = 'code' in error ? error.code : undefined;
  const deeper = depth < MAX_DEPTH;
  return {
    type: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(deeper && error.cause !== undefined ? { cause: errorFacts(error.cause, depth + 1) } : {}),
    ...(deeper && isAggregate(error)
      ? { errors: error.errors.slice(0, MAX_ERRORS).map((inner) => errorFacts(inner, depth + 1)) }
      : {}),
  };
}

/**
 * One line that says what went wrong, also for the errors of sockets, whose own message is empty.
 * @returns never the empty string
 */
export function errorMessage(error: unknown): string {
  if (!types.isNativeError(error)) return plainText(error);
  if (error.message !== '') return error.message;
  if (isAggregate(error) && error.errors.length > 0) return errorMessage(error.errors[0]);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

const plainText = (value: unknown): string =>
  typeof value === 'string' && value !== '' ? value : `a thrown ${value === null ? 'null' : typeof value}`;

const isAggregate = (error: Error): error is Error & { errors: readonly unknown[] } =>
  'errors' in error && Array.isArray(error.errors);
