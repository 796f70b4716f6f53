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

/** SQL that groups usage. */
export interface GroupingSql {
  /** What usage is joined with. */
  readonly join: string;
  /** The group that a row of it belongs to. */
  readonly id: string;
  /** How the group `dimension_id` is called: only keys have names that differ from their ids. */
  readonly name: string;
}

/** @param grouping null: all usage is one group, whose id is null */
export function groupingSql(grouping: Grouping | null): GroupingSql {
  if (grouping === null) return { join: '', id: 'NULL::text', name: 'NULL::text' };
  const name = grouping === 'key' ? '(SELECT name FROM cerebra.keys WHERE id = dimension_id)' : 'dimension_id';
  if (grouping !== 'tag') return { join: '', id: COLUMNS[grouping], name };
  // A call counts once under each of its tags, and under none if it has none.
  return { join: 'LEFT JOIN LATERAL jsonb_each_text(tags) AS tag ON true', id: `tag.key || ':' || tag.value`, name };
}
