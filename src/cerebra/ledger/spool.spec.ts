import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { findLeftovers, recordLostCalls } from './recovery.js';
import { Spool, spoolLimits, type SpoolLimits } from './spool.js';

const log = pino({ level: 'silent' });
const id = (number: number): string => `019abc00-0000-7000-8000-${String(number).padStart(12, '0')}`;
const row = (number: number, text = 'x'): string => `${id(number)}\t${text}\n`;

let directory: string;
const spools: Spool<string>[] = [];
const intentOf = (intent: string): string => intent;

function openSpool(limits: Partial<SpoolLimits> = {}): Spool<string> {
  const spool = new Spool({
    directory,
    leftovers: [],
    synced: false,
    intentOf,
    limits: { ...spoolLimits, ...limits },
    log,
  });
  spools.push(spool);
  return spool;
}

/** All that can be read, committed on the way. */
async function takeAll(spool: Spool<string>, maxBytes = 1_000): Promise<string[]> {
  const rows: string[] = [];
  for (let batch = await spool.read(maxBytes); batch !== null; batch = await spool.read(maxBytes)) {
    rows.push(...batch.rows.map(String));
    batch.committed();
  }
  return rows;
}

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'spool-')), 'own');
  await mkdir(directory);
});

afterEach(async () => {
  for (const spool of spools.splice(0)) await spool.close();
  await rm(join(directory, '..'), { recursive: true });
});

describe('the spool', () => {
  it('gives rows in their order and keeps intents to itself', async () => {
    const spool = openSpool();
    spool.intend(id(1), row(1, 'intent'));
    spool.record(id(1), row(1));
    spool.record(id(2), row(2));
    await spool.flush();
    expect(await takeAll(spool)).toEqual([row(1), row(2)]);
    expect(spool.waiting).toBe(0);
  });

  it('writes intents only of calls that a flush finds under way', async () => {
    const spool = openSpool();
    spool.record(id(0), row(0));
    await spool.flush();
    spool.intend(id(1), row(1, 'short'));
    spool.intend(id(2), row(2, 'long'));
    spool.record(id(1), row(1));
    await spool.flush();
    const [file = ''] = await readdir(directory);
    expect(await readFile(join(directory, file), 'utf8')).toBe(`S\t${row(0)}S\t${row(1)}J\t${row(2, 'long')}`);
  });

  it('flushes by itself soon after something was appended', async () => {
    const spool = openSpool();
    const arrived = new Promise<void>((resolve) => {
      spool.onArrival = resolve;
    });
    spool.record(id(1), row(1));
    await arrived;
    expect(await takeAll(spool)).toEqual([row(1)]);
  });

  it('gives a batch again that failed', async () => {
    const spool = openSpool();
    spool.record(id(1), row(1));
    await spool.flush();
    (await spool.read(1_000))?.failed();
    expect(await takeAll(spool)).toEqual([row(1)]);
  });

  it('rotates by size, and deletes a file once its rows are committed, whatever calls are under way', async () => {
    const spool = openSpool({ segmentBytes: 200 });
    spool.intend(id(0), row(0, 'a long stream'));
    for (let number = 1; number <= 20; number += 1) {
      spool.record(id(number), row(number));
      await spool.flush();
    }
    expect((await readdir(directory)).length).toBeGreaterThan(3);
    expect(await takeAll(spool)).toHaveLength(20);
    const files = await readdir(directory);
    expect(files).toHaveLength(1);
    expect(await readFile(join(directory, files[0] ?? ''), 'utf8')).toContain(`J\t${row(0, 'a long stream')}`);
  });

  it('leaves no file behind when every call has ended and every row is committed', async () => {
    const spool = openSpool();
    spool.intend(id(1), row(1));
    spool.record(id(1), row(1));
    await spool.flush();
    await takeAll(spool);
    await spool.close();
    expect(await readdir(directory)).toEqual([]);
  });

  it('keeps what is not committed when it is closed', async () => {
    const spool = openSpool();
    spool.record(id(1), row(1));
    await spool.close();
    expect(await readdir(directory)).toHaveLength(1);
  });
});

describe('a spool that cannot be written', () => {
  it('hands rows from memory to PostgreSQL, drops what finds no room, and writes again when it can', async () => {
    const spool = openSpool({ memoryBytes: 10 * row(1).length });
    const elsewhere = `${directory}-gone`;
    await rename(directory, elsewhere);
    for (let number = 1; number <= 20; number += 1) spool.record(id(number), row(number));
    await spool.flush();
    expect(spool.writable).toBe(false);
    const rows = await takeAll(spool);
    expect(rows[0]).toBe(row(1));
    expect(rows.length + spool.dropped).toBe(20);
    expect(spool.dropped).toBeGreaterThan(0);

    await rename(elsewhere, directory);
    spool.record(id(21), row(21));
    await spool.flush();
    expect(spool.writable).toBe(true);
    expect(await takeAll(spool)).toEqual([row(21)]);
  });

  it('takes no more than its limit, and goes on when PostgreSQL has taken some', async () => {
    const spool = openSpool({ segmentBytes: 100, totalBytes: 300 });
    for (let number = 1; number <= 10; number += 1) {
      spool.record(id(number), row(number));
      await spool.flush();
    }
    expect(spool.bytes).toBeLessThanOrEqual(300);
    expect(spool.writable).toBe(false);
    expect(await takeAll(spool)).toEqual(Array.from({ length: 10 }, (_, index) => row(index + 1)));
    spool.record(id(11), row(11));
    await spool.flush();
    expect(spool.writable).toBe(true);
  });

  it('remembers the calls under way in the first file that it can write again', async () => {
    const spool = openSpool();
    const elsewhere = `${directory}-gone`;
    await rename(directory, elsewhere);
    spool.intend(id(1), row(1, 'under way'));
    await spool.flush();
    await takeAll(spool);
    await rename(elsewhere, directory);
    spool.record(id(2), row(2));
    await spool.flush();
    const [file = ''] = await readdir(directory);
    expect(await readFile(join(directory, file), 'utf8')).toBe(`J\t${row(1, 'under way')}S\t${row(2)}`);
  });
});

describe('what an earlier process left', () => {
  it('gives calls without a row their lost row, and passes over torn and damaged lines', async () => {
    const left = join(directory, '..', 'left');
    await mkdir(left);
    await writeFile(join(left, '00000001.log'), `J\t${row(1, 'lost')}J\t${row(2, 'lost')}\0\0\0\nS\t${row(2)}`);
    await writeFile(join(left, '00000002.log'), `J\t${row(1, 'lost')}J\t${row(3, 'lost')}S\t${row(3)}S\t${id(4)}\tto`);
    const leftovers = await findLeftovers([left]);
    const spool = new Spool({ directory, leftovers, synced: true, intentOf, limits: spoolLimits, log });
    await recordLostCalls(leftovers, spool, log);
    expect(await takeAll(spool)).toEqual([row(2), row(3), row(1, 'lost')]);
    expect(await readdir(left)).toEqual([]);
    await spool.close();
  });

  it('gets the columns that its version did not have', async () => {
    const left = join(directory, '..', 'left');
    await mkdir(left);
    await writeFile(join(left, '00000001.log'), `I\t${row(1)}I\t${row(2, 'lost')}R\t${row(1)}`);
    const leftovers = await findLeftovers([left]);
    const spool = new Spool({ directory, leftovers, synced: true, intentOf, limits: spoolLimits, log });
    await recordLostCalls(leftovers, spool, log);
    const today = (written: string): string => written.replace('\n', '\t0\t0\t0\t0\t0\t\\N\n');
    expect(await takeAll(spool)).toEqual([today(row(1)), today(row(2, 'lost'))]);
    await spool.close();
  });
});
