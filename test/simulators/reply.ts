import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** A reply as it goes over the wire, piece by piece. */
export interface Reply {
  /** 0: there is no head but what the pieces hold. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Each is a write of its own. */
  readonly pieces: readonly (string | Buffer)[];
  /** Before the head. */
  readonly waitMs?: number;
  /** Between two pieces. */
  readonly paceMs?: number;
  /** `reset` breaks the connection behind the last piece; `never` leaves the reply open. */
  readonly ending?: 'end' | 'reset' | 'never';
}

export const json = (body: string, status = 200, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)), ...headers },
  pieces: [body],
});

export const sse = (pieces: readonly (string | Buffer)[], more: Partial<Reply> = {}): Reply => ({
  status: 200,
  pieces,
  ...more,
  headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', ...more.headers },
});

/** Bytes in place of a whole reply, head and all; the connection ends behind them. */
export const raw = (bytes: string): Reply => ({ status: 0, headers: {}, pieces: [bytes] });

/** The same bytes, cut at these offsets: in the middle of an event, a line end or a character. */
export function cutAt(bytes: Buffer, offsets: readonly number[]): Buffer[] {
  const edges = [0, ...offsets, bytes.length];
  return edges.slice(1).map((to, index) => bytes.subarray(edges[index], to));
}

/** A reset throws away what the other side has not read yet: it gets so long for it. */
const UNREAD_MS = 100;

/** Stops by itself when the other side has gone. */
export async function send(response: ServerResponse, reply: Reply, gone: AbortSignal, sent: () => void): Promise<void> {
  if (reply.waitMs !== undefined) await pause(reply.waitMs, gone);
  if (gone.aborted) return;
  if (reply.status === 0) return void response.socket?.end(reply.pieces.join(''));
  response.writeHead(reply.status, reply.headers);
  response.flushHeaders();
  for (const [index, piece] of reply.pieces.entries()) {
    if (index > 0 && reply.paceMs !== undefined) await pause(reply.paceMs, gone);
    if (gone.aborted) return;
    await new Promise((written) => response.write(piece, written));
    sent();
  }
  if (reply.ending === 'reset') {
    await pause(UNREAD_MS, gone);
    response.socket?.resetAndDestroy();
  } else if (reply.ending !== 'never') response.end();
}

const pause = (ms: number, gone: AbortSignal): Promise<void> => sleep(ms, undefined, { signal: gone }).catch(() => {});
