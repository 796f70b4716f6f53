import type { DataSource, QueryRunner } from 'typeorm';
import type { z } from 'zod';
import { parseTableName, type QualifiedName } from './partitions/table-name.js';
import type { SqlRunner } from './timescale.js';

/**
 * What one context lets the others read: a view that is never changed, only followed by a next version. Its columns are
 * a contract, kept by {@link contractBreaches} in the publisher's tests.
 */
export interface PublishedView {
  /** `cerebra.published_daily_cost_v1` */
  readonly name: QualifiedName;
  readonly description: string;
  readonly columns: Readonly<Record<string, PublishedColumn>>;
}

export interface PublishedColumn {
  /** As `information_schema.columns.data_type` spells it, such as `timestamp with time zone`. */
  readonly type: string;
  /** With the unit. */
  readonly description: string;
}

const NAME = /^[a-z0-9_]+\.published_[a-z0-9_]+_v\d+$/;

/** @throws when the name does not say that the view is published, and in which version */
export function definePublishedView(view: PublishedView): PublishedView {
  if (!NAME.test(view.name)) throw new TypeError(`'${view.name}' is not named like schema.published_thing_v1.`);
  return view;
}

/** For the publisher's migration: makes the view, and writes its contract beside it for those who read the database. */
export async function publishView(runner: QueryRunner, view: PublishedView, select: string): Promise<void> {
  const columns = Object.keys(view.columns);
  await runner.query(`CREATE VIEW ${view.name} (${columns.join(', ')}) AS ${select}`);
  await runner.query(`COMMENT ON VIEW ${view.name} IS ${literal(view.description)}`);
  for (const column of columns) {
    const description = view.columns[column]?.description ?? '';
    await runner.query(`COMMENT ON COLUMN ${view.name}.${column} IS ${literal(description)}`);
  }
}

/** A COMMENT takes no parameters. */
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** False where the context that publishes it is not deployed on this database, or is older than this version. */
export async function publishedViewExists(sql: SqlRunner, name: QualifiedName): Promise<boolean> {
  const rows = await sql.query<{ found: boolean }[]>('SELECT to_regclass($1) IS NOT NULL AS found', [name]);
  return rows[0]?.found === true;
}

export interface ViewQuery<Row> {
  readonly name: QualifiedName;
  /** The columns that the reader needs, checked row by row: readers and publishers are deployed apart. */
  readonly row: z.ZodObject & z.ZodType<Row>;
  /** Such as `WHERE day >= $1 ORDER BY day` */
  readonly rest?: string;
  readonly parameters?: readonly unknown[];
}

/** For other contexts. @returns null where the view is not published on this database */
export async function readPublishedView<Row>(dataSource: DataSource, query: ViewQuery<Row>): Promise<Row[] | null> {
  if (!(await publishedViewExists(dataSource.manager, query.name))) return null;
  const columns = Object.keys(query.row.shape).join(', ');
  const rows = await dataSource.manager.query<unknown[]>(`SELECT ${columns} FROM ${query.name} ${query.rest ?? ''}`, [
    ...(query.parameters ?? []),
  ]);
  return rows.map((row) => query.row.parse(row));
}

/** Where the database differs from the contract, one line each; empty when it is kept. */
export async function contractBreaches(sql: SqlRunner, view: PublishedView): Promise<string[]> {
  const { schema, table } = parseTableName(view.name);
  const rows = await sql.query<{ column_name: string; data_type: string }[]>(
    'SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2',
    [schema, table],
  );
  if (rows.length === 0) return [`${view.name} does not exist`];
  const actual = new Map(rows.map((row) => [row.column_name, row.data_type]));
  const wrong = Object.entries(view.columns)
    .filter(([name, { type }]) => actual.get(name) !== type)
    .map(([name, { type }]) => `${view.name}.${name}: promised ${type}, is ${actual.get(name) ?? 'missing'}`);
  const undeclared = [...actual.keys()].filter((name) => !(name in view.columns));
  return [...wrong, ...undeclared.map((name) => `${view.name}.${name}: not in the contract`)];
}
