import { types } from 'node:util';

const MAX_LENGTH = 4_000;

/** pg-boss emits copies of errors that are none any more. */
export function toError(thrown: unknown): Error {
  if (types.isNativeError(thrown)) return thrown;
  const error = new Error(hasText(thrown, 'message') ? thrown.message : String(thrown));
  if (hasText(thrown, 'stack')) error.stack = thrown.stack;
  return error;
}

/**
 * The error as the store keeps it: bounded, and without what PostgreSQL cannot hold. An error that
 * cannot be stored would leave its job running for ever.
 */
export function storable(thrown: unknown): Error {
  const { name, message, stack } = toError(thrown);
  const kept = new Error(plain(message));
  kept.name = plain(name);
  kept.stack = plain(stack ?? message);
  return kept;
}

const plain = (text: string): string => text.slice(0, MAX_LENGTH).replaceAll('\0', '\uFFFD').toWellFormed();

const hasText = <Field extends string>(value: unknown, field: Field): value is Record<Field, string> =>
  typeof value === 'object' && value !== null && field in value && typeof Reflect.get(value, field) === 'string';
