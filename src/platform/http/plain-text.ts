import { z } from 'zod';

/**
 * Text of one line, as people give it: without control characters, which would end up in logs and on terminals.
 * @param example shown in the API's description, where one made from the pattern would look odd
 */
export const plainText = (max: number, example: string) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, 'Expected text without control characters.')
    .meta({ example });
