import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { sourceFiles } from './source-files.js';

const schemas = ['cerebra', 'economist', 'aegis'] as const;

/** Names of another context's tables in SQL; what it publishes is open to all. */
const foreign = (context: string, text: string): string[] =>
  schemas
    .filter((schema) => schema !== context)
    .flatMap(
      (schema) =>
        text.match(
          new RegExp(
            `\\b(?:FROM|JOIN|INTO|UPDATE|TABLE|REFERENCES|ON)\\s+"?${schema}"?\\.(?!"?published_)"?\\w+`,
            'gi',
          ),
        ) ?? [],
    );

describe('schemas', () => {
  it('are read and written by their own context only, but for published views', () => {
    const found = [...schemas, 'platform', 'console'].flatMap((context) =>
      sourceFiles('src', 'migrations')
        .filter((file) => file.split(/[\\/]/)[1] === context && !file.endsWith('.spec.ts'))
        .flatMap((file) => foreign(context, readFileSync(file, 'utf8')).map((sql) => `${file}: ${sql}`)),
    );
    expect(found).toEqual([]);
  });

  it('would notice a query, a join and a foreign key, and leave a published view alone', () => {
    expect(foreign('economist', 'SELECT * FROM cerebra.keys')).toHaveLength(1);
    expect(foreign('economist', 'JOIN "aegis"."backups" b')).toHaveLength(1);
    expect(foreign('aegis', 'key_id uuid REFERENCES cerebra.keys')).toHaveLength(1);
    expect(foreign('economist', 'FROM cerebra.published_daily_cost_v1')).toEqual([]);
  });
});
