import { describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationClass } from '../../src/platform/bounded-context.js';
import { contexts } from '../../src/contexts.js';
import { platformStorage } from '../../migrations/platform/index.js';

const FILE = /^(\d{13})-[a-z0-9-]+\.ts$/;

async function listed(): Promise<Map<string, readonly MigrationClass[]>> {
  const all = new Map<string, readonly MigrationClass[]>([['platform', platformStorage.migrations]]);
  for (const [name, entry] of Object.entries(contexts)) {
    const { storage } = await entry.load();
    if (storage) all.set(name, storage.migrations);
  }
  return all;
}

describe('migrations', () => {
  it('are listed one by one, in the order of their timestamps, and none is forgotten', async () => {
    let seen = 0;
    for (const [name, migrations] of await listed()) {
      const files = readdirSync(join('migrations', name))
        .filter((file) => file !== 'index.ts')
        .sort();
      const stamps = files.map((file) => FILE.exec(file)?.[1] ?? `${file} has no 13-digit timestamp`);
      expect(migrations.map((migration) => migration.name.slice(-13))).toEqual(stamps);
      seen += files.length;
    }
    expect(seen).toBeGreaterThanOrEqual(6);
  });
});
