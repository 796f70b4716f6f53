import type { OwnerKind } from '../identity/owners/owner.js';

export const groupings = ['provider', 'model', 'agent', 'team', 'org', 'user', 'key', 'route', 'tag'] as const;
export type Grouping = (typeof groupings)[number];

const COLUMNS: Readonly<Record<Exclude<Grouping, 'tag'>, string>> = {
  provider: 'provider',
  model: 'model',
  agent: 'agent_id',
  team: 'team_id',
  org: 'org_id',
  user: 'user_id',
  key: 'key_id',
  route: 'route',
};

const ownerName = (kind: OwnerKind): string =>
  `(SELECT name FROM cerebra.owners WHERE kind = '${kind}' AND id = dimension_id)`;

/** SQL of the names that differ from their ids. */
const NAMES: Readonly<Partial<Record<Grouping, string>>> = {
  key: '(SELECT name FROM cerebra.keys WHERE id = dimension_id)',
  org: ownerName('org'),
  team: ownerName('team'),
  agent: ownerName('agent'),
};

/** SQL that groups usage. */
export interface GroupingSql {
  /** What usage is joined with. */
  readonly join: string;
  /** The group that a row of it belongs to. */
  readonly id: string;
  /** How the group `dimension_id` is called; null where it has no name beside its id. */
  readonly name: string;
}

/** @param grouping null: all usage is one group, whose id is null */
export function groupingSql(grouping: Grouping | null): GroupingSql {
  if (grouping === null) return { join: '', id: 'NULL::text', name: 'NULL::text' };
  const name = NAMES[grouping] ?? 'dimension_id';
  if (grouping !== 'tag') return { join: '', id: COLUMNS[grouping], name };
  // A call counts once under each of its tags, and under none if it has none.
  return { join: 'LEFT JOIN LATERAL jsonb_each_text(tags) AS tag ON true', id: `tag.key || ':' || tag.value`, name };
}
