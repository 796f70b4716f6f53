import type { Instant } from '../../platform/time.js';
import type { Call } from '../gateway/call.js';
import type { Caller } from '../identity/caller.js';
import type { PicoUsd } from '../pricing/money.js';

/** The columns of `cerebra.requests` that a row of the spool fills, in its order. All others have defaults. */
export const rowColumns = [
  'id',
  'time',
  'provider',
  'model',
  'requested_model',
  'stream',
  'org_id',
  'team_id',
  'agent_id',
  'user_id',
  'key_id',
  'tags',
  'status_code',
  'outcome',
  'refusal',
  'latency_ms',
  'ttfb_ms',
  'input_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'output_tokens',
  'reasoning_tokens',
  'audio_input_tokens',
  'audio_output_tokens',
  'cost_pico',
  'price_version',
  'estimated',
  'cache_write_tokens',
  'audio_cache_read_tokens',
  'image_input_tokens',
  'image_output_tokens',
  'web_searches',
  'tier',
] as const;

const NULL = '\\N';

/** The columns from `cache_write_tokens` on, of a row that was written before they were there. */
const FIRST_FORMAT_REST = Buffer.from(`\t0\t0\t0\t0\t0\t${NULL}\n`);

/** A row that an earlier version left in the spool, as it would be written now. */
export const fromFirstFormat = (row: Buffer): Buffer => Buffer.concat([row.subarray(0, -1), FIRST_FORMAT_REST]);

/** A model's name comes from the client and may be of any length: no room for a prompt in the ledger. */
export const LONGEST_NAME = 200;

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  // PostgreSQL can hold no NUL in a text; the row must not be lost for it.
  '\0': '\uFFFD',
};

const SPECIAL = /[\\\t\n\r\0]/g;

/** A value as PostgreSQL's COPY text format wants it. */
export const copyText = (value: string): string =>
  // Looked for first, as hardly any value needs it.
  value.search(SPECIAL) === -1 ? value : value.replace(SPECIAL, (character) => ESCAPES[character] ?? '');

const nameOrNull = (value: string): string =>
  value === '' ? NULL : copyText(value.length > LONGEST_NAME ? value.slice(0, LONGEST_NAME) : value);

const textOrNull = (value: string | null): string => (value === null ? NULL : copyText(value));

const flag = (value: boolean): string => (value ? 't' : 'f');

/** Negative: not known. Whole microseconds, as more digits would only be noise. */
const milliseconds = (value: number): string => (value < 0 ? NULL : String(Math.round(value * 1_000) / 1_000));

const describeCaller = (caller: Caller): string =>
  [
    textOrNull(caller.orgId),
    textOrNull(caller.teamId),
    textOrNull(caller.agentId),
    textOrNull(caller.userId),
    textOrNull(caller.keyId),
    copyText(JSON.stringify(caller.tags)),
  ].join('\t');

/** A caller lives as long as its key and makes many calls: its part of their rows is made once. */
const described = new WeakMap<Caller, string>();
const NOBODY = [NULL, NULL, NULL, NULL, NULL, '{}'].join('\t');

function callerColumns(caller: Caller | null): string {
  if (caller === null) return NOBODY;
  let columns = described.get(caller);
  if (columns === undefined) {
    columns = describeCaller(caller);
    described.set(caller, columns);
  }
  return columns;
}

const SECOND_MS = 1_000;
let second = -1;
let secondText = '';

/** ISO 8601. Calls come by the thousand in a second, and a date is the dearest part of a row. */
function timestamp(time: Instant): string {
  const current = Math.floor(time / SECOND_MS);
  if (current !== second) {
    second = current;
    secondText = new Date(current * SECOND_MS).toISOString().slice(0, -'000Z'.length);
  }
  return `${secondText}${String(time - current * SECOND_MS).padStart(3, '0')}Z`;
}

function identity(call: Call): string {
  const time = timestamp(call.startedAt);
  const names = `${nameOrNull(call.provider)}\t${nameOrNull(call.model)}\t${nameOrNull(call.requestedModel)}`;
  return `${call.id}\t${time}\t${names}\t${flag(call.stream)}\t${callerColumns(call.caller)}`;
}

/** The row of a call that has ended: one line in COPY's text format. */
export function endedRow(call: Call): string {
  const { usage } = call;
  const ending =
    `${call.status === 0 ? NULL : call.status}\t${call.outcome}\t${call.refusal ?? NULL}` +
    `\t${milliseconds(call.latencyMs)}\t${milliseconds(call.ttfbMs)}`;
  const tokens =
    `${usage.input}\t${usage.cacheRead}\t${usage.cacheWrite5m}\t${usage.cacheWrite1h}` +
    `\t${usage.output}\t${usage.reasoning}\t${usage.audioInput}\t${usage.audioOutput}`;
  const more =
    `${usage.cacheWrite}\t${usage.audioCacheRead}\t${usage.imageInput}\t${usage.imageOutput}` +
    `\t${usage.webSearches}\t${usage.tier === 'standard' ? NULL : usage.tier}`;
  const price = `${call.cost}\t${nameOrNull(call.priceVersion)}\t${flag(call.estimated)}`;
  return `${identity(call)}\t${ending}\t${tokens}\t${price}\t${more}\n`;
}

/**
 * The row that a call gets if nothing more is ever heard of it. Written ahead as the call's intent, so that recovery
 * after a crash only has to pass it on.
 * @param dearest the most that the call can have cost
 */
export function lostRow(call: Call, dearest: PicoUsd): string {
  const ending = `${NULL}\tlost\t${NULL}\t${NULL}\t${NULL}`;
  const price = `${dearest}\t${nameOrNull(call.priceVersion)}\tt`;
  return `${identity(call)}\t${ending}\t0\t0\t0\t0\t0\t0\t0\t0\t${price}\t0\t0\t0\t0\t0\t${NULL}\n`;
}
