import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { platformStorage } from '../../../migrations/platform/index.js';
import { createDataSource } from '../../../src/platform/database/data-source.js';
import { migrate } from '../../../src/platform/database/migrator.js';
import { SecretStore } from '../../../src/platform/secrets/secret-store.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';

const newKey = (): string => randomBytes(32).toString('base64');

describe('stored secrets', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await createTestDatabase();
    await migrate(database.url, [platformStorage]);
    dataSource = await createDataSource({ url: database.url, name: 'test', storage: platformStorage }).initialize();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const storeWith = (...masterKeys: string[]): SecretStore => new SecretStore(dataSource, { masterKeys });
  const rows = (): Promise<unknown> => dataSource.query('SELECT * FROM platform.secrets');

  it('come back as they were, and are nowhere in the database', async () => {
    const store = storeWith(newKey());
    const id = await store.put('test.credential', 'hunter2 ☃');
    expect(await store.get(id)).toBe('hunter2 ☃');
    expect(JSON.stringify(await rows())).not.toContain('hunter2');
    await store.delete(id);
    await expect(store.get(id)).rejects.toMatchObject({ spec: { status: 404 } });
    await store.delete(id);
  });

  it('are refused without a master key, with the name of the variable to set', async () => {
    await expect(storeWith().put('test.credential', 'x')).rejects.toMatchObject({
      spec: { status: 503 },
      message: expect.stringContaining('OCO_MASTER_KEY'),
    });
  });

  it('do not open in the place of another', async () => {
    const store = storeWith(newKey());
    const [first, second] = [await store.put('test.a', 'one'), await store.put('test.a', 'two')];
    await dataSource.query(
      'UPDATE platform.secrets SET sealed = (SELECT sealed FROM platform.secrets WHERE id = $1) WHERE id = $2',
      [first, second],
    );
    await expect(store.get(second)).rejects.toThrow('was changed');
    await dataSource.query("UPDATE platform.secrets SET purpose = 'test.b' WHERE id = $1", [first]);
    await expect(store.get(first)).rejects.toThrow('was changed');
    await Promise.all([store.delete(first), store.delete(second)]);
  });

  it('name the key that is missing', async () => {
    const id = await storeWith(newKey()).put('test.a', 'one');
    await expect(storeWith(newKey()).get(id)).rejects.toThrow(/master key [0-9a-f]{8}.*OCO_MASTER_KEY_PREVIOUS/);
    await storeWith().delete(id);
  });

  it('are sealed again under the new key, by two replicas at once, and then open without the old one', async () => {
    const [old, young] = [newKey(), newKey()];
    const before = storeWith(old);
    const ids: string[] = [];
    for (let index = 0; index < 250; index += 1) ids.push(await before.put('test.many', `secret ${index}`));
    const rotations = await Promise.all([storeWith(young, old).rotate(), storeWith(young, old).rotate()]);
    expect(rotations.reduce((sum, { resealed }) => sum + resealed, 0)).toBe(250);
    const after = storeWith(young);
    expect(await Promise.all(ids.map((id) => after.get(id)))).toEqual(ids.map((_, index) => `secret ${index}`));
    await expect(before.get(ids[0] ?? '')).rejects.toThrow('which is not given');
    expect(await storeWith(young, old).rotate()).toEqual({ resealed: 0, unreadable: 0 });
  });

  it('that no key opens are counted and left alone', async () => {
    await dataSource.query('DELETE FROM platform.secrets');
    const lost = newKey();
    const id = await storeWith(lost).put('test.a', 'one');
    expect(await storeWith(newKey(), newKey()).rotate()).toEqual({ resealed: 0, unreadable: 1 });
    expect(await storeWith().rotate()).toEqual({ resealed: 0, unreadable: 1 });
    expect(await storeWith(lost).get(id)).toBe('one');
  });
});
