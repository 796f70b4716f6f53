import { z } from 'zod';

// Schemas for single environment variables. Each says in its message which form is expected,
// because the message is all that an operator sees (architecture, "Configuration names").

/** The form of a variable that must not be shown when it is wrong. */
export const SECRET = 'secret';

/** Marks a variable whose value is masked in reports. */
export const secret = <T extends z.ZodType>(schema: T): T => schema.meta({ [SECRET]: true });

/** An unset or empty variable counts as absent, as in a `.env` file with `NAME=`. */
const absentWhenEmpty = (value: unknown): unknown => (value === '' ? undefined : value);

export const text = (expected: string) =>
  z.preprocess(absentWhenEmpty, z.string({ error: expected }).trim().min(1, expected));

export const optionalText = (expected: string) =>
  z.preprocess(absentWhenEmpty, z.string({ error: expected }).trim().min(1, expected).optional());

/** A name or an address, without a port. */
export const optionalHost = z.preprocess(
  absentWhenEmpty,
  z
    .string()
    .refine((value) => URL.canParse(`any://${inUrl(value)}:1/`) && !/[/@?#]/.test(value), 'a host name or an address')
    .optional(),
);

/** As it stands in a URL: addresses of IPv6 in brackets. */
export const inUrl = (host: string): string => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);

export const flag = (fallback: boolean) =>
  z
    .preprocess(
      absentWhenEmpty,
      z.enum(['true', 'false', '1', '0'], { error: 'true or false' }).default(fallback ? 'true' : 'false'),
    )
    .transform((value) => value === 'true' || value === '1');

/** Not set is `undefined`: the default depends on other settings. */
export const optionalFlag = z
  .preprocess(absentWhenEmpty, z.enum(['true', 'false', '1', '0'], { error: 'true or false' }).optional())
  .transform((value) => (value === undefined ? undefined : value === 'true' || value === '1'));

export const integer = (min: number, max: number, fallback: number, unit = '') => {
  const expected = `a whole number from ${min} to ${max}${unit && ` (${unit})`}`;
  return z.preprocess(
    (value) => (value === '' || value === undefined ? fallback : Number(value)),
    z.int({ error: expected }).min(min, expected).max(max, expected),
  );
};

export const port = (fallback: number) => integer(1, 65_535, fallback, 'a TCP port');

/** `name` with a fixed set of values. */
export const choice = <const T extends readonly [string, ...string[]]>(values: T, fallback: T[number]) =>
  z.preprocess(absentWhenEmpty, z.enum(values, { error: `one of ${values.join(', ')}` }).default(fallback));

export const optionalUrl = (protocols: readonly string[]) => {
  const expected = `a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`;
  return z.preprocess(
    absentWhenEmpty,
    z
      .string({ error: expected })
      .refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), expected)
      .optional(),
  );
};

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  kB: 1e3,
  KiB: 1024,
  MB: 1e6,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** `33554432` or `32MiB` → bytes. */
export const byteSize = (fallback: string, max: number) => {
  const expected = `a size such as 32MiB, at most ${max} bytes`;
  return z.preprocess(absentWhenEmpty, z.string({ error: expected }).default(fallback)).transform((value, context) => {
    const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(value);
    const bytes = Math.floor(Number(match?.[1]) * (UNITS[match?.[2] ?? ''] ?? Number.NaN));
    if (bytes >= 1 && bytes <= max) return bytes;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
};
