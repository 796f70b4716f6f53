import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

const SWEEP_MS = 25;

/**
 * Emitted on the server when the deadline has come: what still runs can say why it ends, before it is cut off.
 */
export const OVERDUE = 'overdue';
const LAST_WORDS_MS = 100;

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
  let cutting: NodeJS.Timeout | undefined;
  const overdue = setTimeout(() => {
    server.emit(OVERDUE);
    server.getConnections((_error, count) => {
      cut = count;
      cutting = setTimeout(() => server.closeAllConnections(), LAST_WORDS_MS);
    });
  }, deadlineMs);
  try {
    await closed;
  } finally {
    clearInterval(sweep);
    clearTimeout(overdue);
    clearTimeout(cutting);
  }
  return cut;
}

function sayGoodbye(_request: IncomingMessage, response: ServerResponse): void {
  response.shouldKeepAlive = false;
}
