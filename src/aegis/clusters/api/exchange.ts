import type { Dispatcher } from 'undici';
import { errorMessage } from '../../../platform/logging/error-facts.js';

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface ExchangeLimits {
  /** From the first byte sent to the last received: a body that trickles must not hold a backup up. */
  readonly withinMs: number;
  /** Of the reply's body. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

export type Exchange =
  | { readonly kind: 'reply'; readonly status: number; readonly retryAfterMs: number | null; readonly body: Buffer }
  /** The reply is larger than it may be, and was broken off. */
  | { readonly kind: 'too_large' }
  /** No whole reply; whether the server did what it was asked is not known. */
  | { readonly kind: 'broken'; readonly why: string; readonly cause: unknown };

/**
 * One request and its whole reply.
 * @throws the signal's reason, when it is aborted
 */
export async function exchange(pool: Dispatcher, request: ExchangeRequest, limits: ExchangeLimits): Promise<Exchange> {
  const deadline = AbortSignal.timeout(limits.withinMs);
  const signal = limits.signal === undefined ? deadline : AbortSignal.any([deadline, limits.signal]);
  try {
    const { method, path, headers, body } = request;
    const reply = await pool.request({ method, path, headers, body: body ?? null, signal });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const bytes of piecesOf(reply.body)) {
      size += bytes.length;
      // Leaving the loop ends the reply and its connection.
      if (size > limits.maxBytes) return { kind: 'too_large' };
      chunks.push(bytes);
    }
    const retryAfterMs = secondsToMs(reply.headers['retry-after']);
    return { kind: 'reply', status: reply.statusCode, retryAfterMs, body: Buffer.concat(chunks, size) };
  } catch (cause) {
    limits.signal?.throwIfAborted();
    const why = deadline.aborted ? `no whole reply within ${limits.withinMs / 1_000} s` : errorMessage(cause);
    return { kind: 'broken', why, cause };
  }
}

/** With the type that undici's pieces have. */
async function* piecesOf(body: AsyncIterable<unknown>): AsyncGenerator<Buffer, void, undefined> {
  for await (const piece of body) if (Buffer.isBuffer(piece)) yield piece;
}

/** API servers send whole seconds, never a date. */
const secondsToMs = (header: string | string[] | undefined): number | null =>
  typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : null;
