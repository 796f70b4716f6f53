import { createHash } from 'node:crypto';

const SUM_LENGTH = 8;

/** One page of a list, and where the next one begins. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Null at the end. */
  readonly nextCursor: string | null;
}

/**
 * @param found what was read, one more than asked for where there is more
 * @param positionOf the values by which the list is sorted, the last of them unique
 */
export function pageOf<Item>(
  found: readonly Item[],
  limit: number,
  positionOf: (item: Item) => readonly unknown[],
): Page<Item> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: found.length > limit && last !== undefined ? encodeCursor(positionOf(last)) : null };
}

/** Opaque to clients, so that the order of a list can change without breaking them. */
export function encodeCursor(position: readonly unknown[]): string {
  const text = Buffer.from(JSON.stringify(position)).toString('base64url');
  return text + sumOf(text);
}

/** @returns null for what {@link encodeCursor} did not make */
export function decodeCursor(cursor: string): readonly unknown[] | null {
  const text = cursor.slice(0, -SUM_LENGTH);
  if (text === '' || cursor !== text + sumOf(text)) return null;
  const position: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
  return Array.isArray(position) ? position : null;
}

// Finds mistakes, not malice: a position is no secret, and whatever it says only moves the caller's own page.
const sumOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, SUM_LENGTH);
