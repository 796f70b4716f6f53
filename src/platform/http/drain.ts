import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

const SWEEP_MS = 25;

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
  // Node keeps a connection open whose answer had begun before; it is idle once that has ended.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  let cut = 0;
  const overdue = setTimeout(() => {
    server.getConnections((_error, count) => {
      cut = count;
      server.closeAllConnections();
    });
  }, deadlineMs);
  try {
    await closed;
  } finally {
    clearInterval(sweep);
    clearTimeout(overdue);
  }
  return cut;
}

function sayGoodbye(_request: IncomingMessage, response: ServerResponse): void {
  response.shouldKeepAlive = false;
}
