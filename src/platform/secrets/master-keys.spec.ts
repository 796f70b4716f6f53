import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadMasterKeys } from './master-keys.js';

describe('loadMasterKeys', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = join(await mkdtemp(join(tmpdir(), 'oco-keys-')), 'data');
  });
  afterEach(() => rm(join(dataDir, '..'), { recursive: true }));

  it('takes the configured ones as they are', async () => {
    expect(await loadMasterKeys({ masterKeys: ['a', 'b'], dataDir }, true)).toEqual(['a', 'b']);
  });

  it('makes one beside an embedded database, readable by its owner alone, and keeps it', async () => {
    const made = await loadMasterKeys({ masterKeys: [], dataDir }, true);
    expect(Buffer.from(made[0] ?? '', 'base64')).toHaveLength(32);
    expect((await stat(join(dataDir, 'master.key'))).mode & 0o777).toBe(0o600);
    expect(await readdir(dataDir)).toEqual(['master.key']);
    expect(await loadMasterKeys({ masterKeys: [], dataDir }, true)).toEqual(made);
  });

  it('makes none beside an external one, which other replicas share', async () => {
    expect(await loadMasterKeys({ masterKeys: [], dataDir }, false)).toEqual([]);
  });

  it('never replaces a damaged file: what it protected would be lost', async () => {
    await loadMasterKeys({ masterKeys: [], dataDir }, true);
    await writeFile(join(dataDir, 'master.key'), 'half a k');
    await expect(loadMasterKeys({ masterKeys: [], dataDir }, true)).rejects.toThrow('holds no master key');
  });
});
