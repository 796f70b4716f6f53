import { isDeepStrictEqual } from 'node:util';
import { Pool } from 'undici';
import type { Http1Pool } from '../../../src/cerebra/http1/pool.js';
import { Heard, type Outcome } from './heard.js';
import type { ReplyScript } from './reply-script.js';
import { UndiciCall } from './undici-call.js';

export const TIMEOUT_MS = 5_000;

/** What a client told of one call. */
export interface Told {
  readonly outcome: Outcome;
  readonly status: number;
  readonly fields: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
  readonly reason: string;
}

export async function askUndici(origin: string, script: ReplyScript): Promise<Told> {
  const pool = new Pool(origin, { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
  const call = new UndiciCall();
  pool.dispatch({ method: script.method, path: '/script', headers: [], body: script.requestBody }, call);
  const outcome = await call.outcome;
  await pool.destroy();
  return { outcome, status: call.status, fields: call.fields, body: call.body, reason: call.reason };
}

export async function askOurs(pool: Http1Pool, script: ReplyScript): Promise<Told> {
  const heard = new Heard();
  pool.send({ method: script.method, path: '/script', headers: [], body: script.requestBody }, heard);
  const outcome = await heard.outcome;
  return { outcome, status: heard.status, fields: byName(heard.fields), body: heard.body, reason: heard.reason };
}

/** @returns how ours differs from theirs in what must not differ; `stricter` where we refuse what they take; or null */
export function difference(ours: Told, theirs: Told): string | null {
  const sameHead = ours.status === theirs.status && isDeepStrictEqual(ours.fields, theirs.fields);
  if (ours.outcome === 'ended' && theirs.outcome === 'ended') {
    return sameHead && ours.body.equals(theirs.body) ? null : 'another reply';
  }
  if (ours.outcome === 'ended') return 'more lenient';
  const shorter = Math.min(ours.body.length, theirs.body.length);
  if (!ours.body.subarray(0, shorter).equals(theirs.body.subarray(0, shorter))) return 'other bytes before the fault';
  if (ours.status !== 0 && theirs.status !== 0 && !sameHead) return 'another head before the fault';
  if (theirs.outcome === 'ended') return 'stricter';
  return ours.outcome === theirs.outcome ? null : 'another fault';
}

/** As undici has it: a field that comes more than once has a list of values. */
function byName(flat: readonly string[]): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {};
  for (let i = 0; i < flat.length; i += 2) {
    const name = flat[i] ?? '';
    const value = flat[i + 1] ?? '';
    const before = fields[name];
    fields[name] = before === undefined ? value : [before, value].flat();
  }
  return fields;
}
