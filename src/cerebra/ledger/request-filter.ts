import type { Instant } from '../../platform/time.js';
import type { Outcome } from '../gateway/call.js';

/** Which rows of the ledger are meant: calls that began in a period and match everything else that is given. */
export interface RequestFilter {
  readonly from: Instant;
  readonly to: Instant;
  readonly provider?: string;
  readonly model?: string;
  readonly route?: string;
  readonly org_id?: string;
  readonly team_id?: string;
  readonly agent_id?: string;
  readonly user_id?: string;
  readonly key_id?: string;
  /** `name:value` */
  readonly tag?: string;
  readonly status?: number;
  readonly outcome?: Outcome;
}

export const dimensions = ['provider', 'model', 'route', 'org_id', 'team_id', 'agent_id', 'user_id', 'key_id'] as const;

/** A `WHERE` clause and its parameters, which start at $1. */
export interface Condition {
  readonly sql: string;
  readonly parameters: unknown[];
}

/** SQL: whether the row has a tag, given as `name:value`; only the first colon separates. */
export const hasTag = (parameter: string): string =>
  `tags @> jsonb_build_object(split_part(${parameter}, ':', 1), substr(${parameter}, strpos(${parameter}, ':') + 1))`;

/** What a filter asks beside the period, as SQL; its values are appended to `parameters`. */
export function clausesOf(filter: RequestFilter, parameters: unknown[]): string[] {
  const clauses: string[] = [];
  const add = (value: unknown, clause: (parameter: string) => string): void => {
    if (value === undefined) return;
    parameters.push(value);
    clauses.push(clause(`$${parameters.length}`));
  };
  for (const dimension of dimensions) add(filter[dimension], (parameter) => `${dimension} = ${parameter}`);
  add(filter.tag, (parameter) => hasTag(`${parameter}::text`));
  add(filter.status, (parameter) => `status_code = ${parameter}`);
  add(filter.outcome, (parameter) => `outcome = ${parameter}`);
  return clauses;
}

export function conditionOf(filter: RequestFilter): Condition {
  const parameters: unknown[] = [new Date(filter.from), new Date(filter.to)];
  const clauses = ['time >= $1', 'time < $2', ...clausesOf(filter, parameters)];
  return { sql: clauses.join(' AND '), parameters };
}
