import { z } from 'zod';
import { decodeCursor } from './page.pure.js';

const MAX_LIMIT = 1_000;
const DEFAULT_LIMIT = 100;

/**
 * The query parameters that every list takes; spread into its `z.strictObject`.
 * @param position of an item: the types of the values that `pageOf` is given, as a tuple
 */
export function listFields<Position extends z.ZodType>(position: Position) {
  return {
    limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
    cursor: z
      .string()
      .transform((cursor, context): z.output<Position> => {
        const parsed = position.safeParse(decodeCursor(cursor));
        if (parsed.success) return parsed.data;
        context.addIssue({
          code: 'custom',
          message: 'Not a cursor of this list; take `next_cursor` from its last page.',
        });
        return z.NEVER;
      })
      .optional(),
  };
}

/** The fields beside the items in a list's reply. */
export const listReplyFields = {
  /** Left out where counting would cost more than the page. */
  total: z.int().optional(),
  next_cursor: z.string().nullable(),
};
