import type { IncomingHttpHeaders } from 'node:http';

const SECOND_MS = 1_000;
const SHORTEST_MS = SECOND_MS;
/** A provider may ask for days; whether that was right is looked at sooner. */
const LONGEST_MS = 600 * SECOND_MS;

const AFTER_LIMIT_MS = 10 * SECOND_MS;
/** What is denied stays denied until somebody pays a bill or changes a key. */
const AFTER_DENIAL_MS = 60 * SECOND_MS;

/** How long a key rests after such an answer, in milliseconds. */
export function restMs(status: number, headers: IncomingHttpHeaders, nowMs: number): number {
  const asked = askedMs(headers, nowMs) ?? (status === 429 ? AFTER_LIMIT_MS : AFTER_DENIAL_MS);
  return Math.min(Math.max(asked, SHORTEST_MS), LONGEST_MS);
}

/** `retry-after-ms` is OpenAI's and Azure's; `retry-after` is in seconds or a date (RFC 9110, 10.2.3). */
function askedMs(headers: IncomingHttpHeaders, nowMs: number): number | null {
  const milliseconds = headers['retry-after-ms'];
  if (typeof milliseconds === 'string' && isCount(milliseconds)) return Number(milliseconds);
  const after = headers['retry-after'];
  if (after === undefined) return null;
  if (isCount(after)) return Number(after) * SECOND_MS;
  const date = Date.parse(after);
  return Number.isNaN(date) ? null : date - nowMs;
}

const isCount = (text: string): boolean => /^\d{1,12}(?:\.\d+)?$/.test(text);
