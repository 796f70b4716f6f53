import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { LAST_WORDS_MS, OVERDUE } from './overdue.js';

const SWEEP_MS = 25;
/** Somebody who connected just before the end may still be about to call. */
const SILENCE_MS = 1_000;

const connections = new WeakMap<Server, Set<Socket>>();

/**
 * Remembers a server's connections while they are open. Node takes one that never sent a byte for busy, and
 * browsers and load balancers open some in advance: each would hold up the end until the deadline.
 */
export function watchConnections(server: Server): void {
  const open = new Set<Socket>();
  connections.set(server, open);
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
}

/**
 * Stops a listener without cutting anybody off: takes no new connection, closes idle ones, says
 * `connection: close` on what it still answers, and waits for calls and streams until the deadline.
 * @returns how many connections had to be cut then
 */
export async function drain(server: Server, deadlineMs: number): Promise<number> {
  if (!server.listening) return 0;
  const closed = once(server, 'close');
  server.prependListener('request', sayGoodbye);
  server.close();
  let cut = 0;
  // Node keeps a connection open whose answer had begun before; it is idle once that has ended.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const silence = setTimeout(() => closeSilent(server), SILENCE_MS);
  let cutting: NodeJS.Timeout | undefined;
  const overdue = setTimeout(() => {
    server.emit(OVERDUE);
    cutting = setTimeout(() => {
      server.getConnections((_error, count) => {
        cut = count;
        server.closeAllConnections();
      });
    }, LAST_WORDS_MS);
  }, deadlineMs);
  try {
    await closed;
  } finally {
    clearInterval(sweep);
    clearTimeout(silence);
    clearTimeout(overdue);
    clearTimeout(cutting);
  }
  return cut;
}

function sayGoodbye(_request: IncomingMessage, response: ServerResponse): void {
  response.shouldKeepAlive = false;
}

function closeSilent(server: Server): void {
  for (const socket of connections.get(server) ?? []) {
    if (socket.bytesRead === 0) socket.destroy();
  }
}
