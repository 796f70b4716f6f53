import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { eachLine, idOf } from './lines.pure.js';
import { Segment, SEGMENT_SUFFIX } from './segment.js';
import type { Spool } from './spool.js';

const CHUNK_BYTES = 1024 ** 2;

/** The files in folders of processes that are gone, in the order in which each was written. */
export async function findLeftovers(folders: readonly string[]): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const folder of folders) {
    const names = (await readdir(folder)).filter((name) => name.endsWith(SEGMENT_SUFFIX)).sort();
    for (const name of names) segments.push(await Segment.found(join(folder, name)));
  }
  return segments;
}

/**
 * Gives every call that a crash cut off its row: outcome `lost`, the dearest cost it can have had, flagged as an
 * estimate. A call that has a row, in the spool or in PostgreSQL, keeps that: the first row of an id stays.
 */
export async function recordLostCalls(
  leftovers: readonly Segment[],
  spool: Pick<Spool<never>, 'record' | 'flush' | 'writable' | 'supersedeLeftovers'>,
  log: Logger,
): Promise<void> {
  // An intent comes before its row, so this holds no more than the calls that were under way at one time.
  const open = new Map<string, string>();
  let damaged = 0;
  for (const segment of leftovers) {
    try {
      damaged += await collectIntents(segment, open);
    } catch (error) {
      // The other files must not wait for it, nor the gateway.
      log.error({ err: error, path: segment.path }, 'A file of the spool cannot be read: calls may be missing.');
    }
  }
  for (const [callId, row] of open) spool.record(callId, row);
  await spool.flush();
  // Otherwise the files stay, and the next start does the same again.
  if (spool.writable) spool.supersedeLeftovers();
  if (open.size > 0 || damaged > 0) {
    log.warn({ lost: open.size, damaged }, 'Calls that an earlier process left unfinished are recorded as estimates.');
  }
}

/** Leaves in `open` the intents that have no row yet. @returns how many lines are damaged */
async function collectIntents(segment: Segment, open: Map<string, string>): Promise<number> {
  let damaged = 0;
  for (let start = 0; start < segment.size;) {
    const lines = await segment.read(start, CHUNK_BYTES);
    // What is left is a line without an end.
    if (lines.length === 0) return damaged + 1;
    eachLine(lines, (kind, row) => {
      if (kind === 'intent') open.set(idOf(row), row.toString());
      else if (kind === 'row') open.delete(idOf(row));
      else damaged += 1;
    });
    start += lines.length;
  }
  return damaged;
}
