import { z } from 'zod';
import { nearest } from './nearest.pure.js';

/** A request can be wrong in any number of places; its sender needs to see the first few. */
const MAX_ISSUES = 20;
/** Of a name that the sender made up. */
const MAX_SHOWN = 64;

type Outcome<T> =
  | { readonly kind: 'valid'; readonly value: T }
  | { readonly kind: 'invalid'; readonly issues: Readonly<Record<string, string>> };

/**
 * Checks a value, with messages for people: an unknown field is named with the known one that it resembles.
 * @param root stands for the value as a whole, such as `body`
 * @returns path → message for what is wrong
 */
export async function check<T extends z.ZodType>(
  schema: T,
  value: unknown,
  root: string,
): Promise<Outcome<z.output<T>>> {
  const unknownFields = new Map<string, string>();
  const result = await schema.safeParseAsync(value, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return isMissing(issue) ? 'It is missing.' : undefined;
      const known = knownFields(issue.inst);
      for (const key of issue.keys.slice(0, MAX_ISSUES)) {
        unknownFields.set(pathOf([...(issue.path ?? []), key], root), unknownField(key, known));
      }
      return undefined;
    },
  });
  if (result.success) return { kind: 'valid', value: result.data };
  const issues = result.error.issues.slice(0, MAX_ISSUES).flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [[pathOf(issue.path, root), sentence(issue.message)] as const];
    const paths = issue.keys.slice(0, MAX_ISSUES).map((key) => pathOf([...issue.path, key], root));
    return paths.map((path) => [path, unknownFields.get(path) ?? 'An unknown field.'] as const);
  });
  return { kind: 'invalid', issues: Object.fromEntries(issues) };
}

const isMissing = (issue: { readonly code: string; readonly input?: unknown }): boolean =>
  issue.code === 'invalid_type' && issue.input === undefined;

/** Of the object that the field stands in; zod hands it to its error map as the issue's origin. */
const knownFields = (inst: unknown): readonly string[] => (inst instanceof z.ZodObject ? Object.keys(inst.shape) : []);

function unknownField(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  const unknown = `Unknown field '${shown(key)}'`;
  if (meant !== null) return `${unknown}; did you mean '${meant}'?`;
  return known.length === 0 ? `${unknown}.` : `${unknown}; known are ${known.join(', ')}.`;
}

const pathOf = (path: readonly PropertyKey[], root: string): string =>
  path.length === 0 ? root : path.map((step) => shown(String(step))).join('.');

const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`);

const shown = (name: string): string => (name.length > MAX_SHOWN ? `${name.slice(0, MAX_SHOWN)}…` : name);
