import type { z } from 'zod';
import type { Environment } from './environment.js';
import { SECRET } from './variables.js';

/** One wrong variable, told so that an operator can mend it without reading code. */
export interface ConfigurationFault {
  readonly variable: string;
  /** The form that would be right. */
  readonly expected: string;
  /** What was given, masked where it is a secret. */
  readonly given: string;
}

/** sysexits.h: EX_CONFIG. */
export const EXIT_CONFIGURATION = 78;

export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(readonly faults: readonly ConfigurationFault[]) {
    super(faults.map(faultLine).join('\n'));
  }
}

export const faultLine = (fault: ConfigurationFault): string =>
  `${fault.variable}: expected ${fault.expected}, got ${fault.given}`;

/** Passwords inside a URL are masked too. */
const shown = (value: string | undefined, isSecret: boolean): string => {
  if (value === undefined || value === '') return 'nothing';
  if (isSecret) return `•••• (${value.length} characters)`;
  const masked = value.replace(/(\/\/[^:/@\s]*:)[^@\s]*@/, '$1••••@');
  return JSON.stringify(masked.length > 100 ? `${masked.slice(0, 100)}…` : masked);
};

/** The variables that a schema reads. */
export function variablesOf(schema: z.ZodType): readonly string[] {
  return Object.keys(shapeOf(schema));
}

function shapeOf(schema: z.ZodType): Record<string, z.ZodType> {
  // A config schema is an object of variables, maybe with a transform behind it.
  const definition: unknown = schema.def;
  if (hasShape(schema)) return schema.shape;
  if (hasInput(definition)) return shapeOf(definition.in);
  throw new TypeError('A configuration schema is a z.object of variables.');
}

const hasShape = (schema: object): schema is { shape: Record<string, z.ZodType> } => 'shape' in schema;
const hasInput = (definition: unknown): definition is { in: z.ZodType } =>
  typeof definition === 'object' && definition !== null && 'in' in definition;

/** Parses and collects the faults instead of stopping at the first. */
export function parseVariables<T>(
  schema: z.ZodType<T>,
  environment: Environment,
  faults: ConfigurationFault[],
): T | undefined {
  const shape = shapeOf(schema);
  const result = schema.safeParse(Object.fromEntries(Object.keys(shape).map((name) => [name, environment[name]])));
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const variable = String(issue.path[0] ?? '');
    const isSecret = shape[variable]?.meta()?.[SECRET] === true;
    const fault = { variable, expected: issue.message, given: shown(environment[variable], isSecret) };
    if (!faults.some((known) => known.variable === variable)) faults.push(fault);
  }
  return undefined;
}
