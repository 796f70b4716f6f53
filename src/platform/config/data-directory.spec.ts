import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareDataDirectory } from './data-directory.js';
import { ConfigurationError } from './faults.js';

const stored = { schema: 's', entities: [], migrations: [] };
const [queue, plain] = [{ storage: { ...stored, servesWithout: true } }, { storage: stored }];
const DATABASE = 'postgres://db/oco';

describe('the data directory', () => {
  let home = '';
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'oco-data-'));
    writeFileSync(join(home, 'file'), '');
    symlinkSync(join(home, 'gone'), join(home, 'link'));
  });
  afterAll(() => rmSync(home, { recursive: true }));

  it('is made for the embedded database, with the folders above it', async () => {
    const dataDir = join(home, 'a', 'b');
    await prepareDataDirectory({ dataDir, databaseUrl: null }, []);
    expect(existsSync(dataDir)).toBe(true);
    await prepareDataDirectory({ dataDir, databaseUrl: null }, []);
  });

  it.each([
    ['a file', 'file'],
    ['a folder below a file', 'file/below'],
    ['a link to a folder that is gone', 'link'],
  ])('is a fault of the configuration, in one line, where it is %s', async (_what, path) => {
    const dataDir = join(home, path);
    const failure = await prepareDataDirectory({ dataDir, databaseUrl: null }, []).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigurationError);
    const [line, ...more] = String(failure).split('\n');
    expect(line).toContain(`OCO_DATA_DIR: expected a folder that can be written to, got "${dataDir}" (E`);
    expect(more).toEqual([]);
  });

  it('is needed beside a configured database by contexts that serve while that is away, and by no others', async () => {
    const settings = { dataDir: join(home, 'file'), databaseUrl: DATABASE };
    await expect(prepareDataDirectory(settings, [plain, {}])).resolves.toBeUndefined();
    await expect(prepareDataDirectory(settings, [plain, queue])).rejects.toThrow('OCO_DATA_DIR');
  });
});
