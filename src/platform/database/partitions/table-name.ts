/** `schema.table`, both plain lower-case words, so that names made from it need no escaping. */
export type QualifiedName = `${string}.${string}`;

export interface TableName {
  readonly schema: string;
  readonly table: string;
}

/** @throws when it is not two plain words: these names go into SQL text */
export function parseTableName(name: QualifiedName): TableName {
  const match = /^([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)$/.exec(name);
  if (match?.[1] === undefined || match[2] === undefined) throw new TypeError(`'${name}' is no schema.table.`);
  return { schema: match[1], table: match[2] };
}
