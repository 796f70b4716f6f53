import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSpoolHome } from './spool-home.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'spools-'));
});
afterEach(() => rm(root, { recursive: true }));

describe('the home of a spool', () => {
  it('is not claimed while its owner lives', async () => {
    const first = await openSpoolHome(root);
    const second = await openSpoolHome(root);
    expect(second.claimed).toEqual([]);
    expect(second.directory).not.toBe(first.directory);
    await first.release();
    await second.release();
    expect(await readdir(root)).toEqual([]);
  });

  it('is claimed once its owner is gone, by one of those who want it', async () => {
    const first = await openSpoolHome(root);
    await writeFile(join(first.directory, '00000001.log'), 'R\trow\n');
    await first.release();
    const [second, third] = await Promise.all([openSpoolHome(root), openSpoolHome(root)]);
    const claimed = [...second.claimed, ...third.claimed];
    expect(claimed).toHaveLength(1);
    expect(await readdir(claimed[0] ?? '')).toEqual(['00000001.log']);
    await second.release();
    await third.release();
    const fourth = await openSpoolHome(root);
    expect(fourth.claimed).toHaveLength(1);
    await fourth.release();
  });
});
