import { readFields, type Fields } from './fields.pure.js';
import type { Refusal } from './refusal.js';

/** What a head says about its reply and about the connection it came on. */
export interface ReplyHead {
  readonly status: number;
  readonly fields: Fields;
  /** Null: not told. */
  readonly length: number | null;
  readonly chunked: boolean;
  /** Whether the provider will take another request on this connection. */
  readonly persistent: boolean;
  /** How long it keeps the connection without one. Null: not told. */
  readonly idleMs: number | null;
}

// 100 to 599, as others are invalid (RFC 9110, 15) and none says what a client should do. HTTP/1 only: we speak nothing else.
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?\r\n/;
// Beyond 2^53 a sum of bytes is no longer exact.
const LENGTH = /^\d{1,15}$/;
const CLOSE = /(?:^|,)[ \t]*close[ \t]*(?:,|$)/i;
const IDLE_SECONDS = /(?:^|[,; \t])timeout=(\d{1,6})/i;

/** @param text the status line and the field lines, each with its CRLF */
export function readHead(text: string): ReplyHead | Refusal {
  const line = STATUS_LINE.exec(text);
  if (line === null) return 'malformed status line';
  const fields = readFields(text, line[0].length);
  if (typeof fields === 'string') return fields;
  const legacy = line[1] === '0';
  return withFraming(Number(line[2]), fields, legacy);
}

function withFraming(status: number, fields: Fields, legacy: boolean): ReplyHead | Refusal {
  let length: number | null = null;
  let chunked = false;
  // HTTP/1.0 servers mean too many things by keeping a connection open.
  let persistent = !legacy;
  let idleMs: number | null = null;
  for (let i = 0; i < fields.length; i += 2) {
    const value = fields[i + 1] ?? '';
    switch (fields[i] ?? '') {
      case 'content-length':
        // Even the same one twice: whoever doubles it has put two messages together.
        if (length !== null) return 'several content-lengths';
        if (!LENGTH.test(value)) return 'malformed content-length';
        length = Number(value);
        break;
      case 'transfer-encoding':
        // We asked for no other coding, and HTTP/1.0 has none.
        if (chunked || legacy || value.toLowerCase() !== 'chunked') return 'unknown transfer-encoding';
        chunked = true;
        break;
      case 'connection':
        if (CLOSE.test(value)) persistent = false;
        break;
      case 'keep-alive': {
        const seconds = IDLE_SECONDS.exec(value)?.[1];
        if (seconds !== undefined) idleMs = Number(seconds) * 1_000;
        break;
      }
    }
  }
  if (chunked && length !== null) return 'both content-length and transfer-encoding';
  return { status, fields, length, chunked, persistent, idleMs };
}
