import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { platformErrors } from '../errors/platform.errors.js';

/** For whom and why the stand-in answers. */
export interface Absence {
  readonly service: string;
  readonly version: string;
  /** A sentence without secrets: `/health` needs no key. */
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly backAt: number;
}

/** Beyond these, connections are closed at once: a stand-in must not cost what the context would. */
const MAX_CONNECTIONS = 512;
/** A caller's head and body have to be here by then. */
const REQUEST_TIMEOUT_MS = 5_000;

/** Answers a context's port while the context is away, so that callers and probes read a reason and not a refusal. */
export class StandIn {
  private server: Server | null = null;
  private absence: Absence | null = null;

  constructor(
    private readonly port: number,
    private readonly host: string,
  ) {}

  /** @throws where the port is taken by another program */
  async open(absence: Absence): Promise<void> {
    this.absence = absence;
    if (this.server !== null) return;
    const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS });
    server.maxConnections = MAX_CONNECTIONS;
    server.on('request', (request, response) => this.answer(request, response));
    server.listen(this.port, this.host);
    await once(server, 'listening');
    this.server = server;
  }

  /** @returns when the port is free */
  async close(): Promise<void> {
    const server = this.server;
    if (server === null) return;
    this.server = null;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const absence = this.absence;
    if (absence === null) return;
    // The body is read to its end before the reply: a socket closed over unread bytes loses the reply too.
    request.resume();
    request.on('end', () => {
      const { status, body } = reply(absence, pathOf(request));
      const text = JSON.stringify(body);
      response.writeHead(status, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(text),
        'cache-control': 'no-store',
        'retry-after': String(Math.max(1, Math.ceil((absence.backAt - Date.now()) / 1_000))),
        connection: 'close',
      });
      response.end(request.method === 'HEAD' ? undefined : text);
    });
  }
}

const pathOf = (request: IncomingMessage): string => request.url?.split('?')[0] ?? '/';

function reply(absence: Absence, path: string): { status: number; body: object } {
  const { service, version, reason } = absence;
  switch (path) {
    case '/health':
    case '/health/ready':
      return {
        status: 503,
        body: { status: 'degraded', service, version, uptime_seconds: 0, reason, dependencies: {} },
      };
    case '/health/live':
      // The process lives and brings the context back by itself; a restart would take the others down with it.
      return { status: 200, body: { status: 'ok', service, version, reason } };
    default: {
      const { status, code } = platformErrors.unavailable;
      const message = `${service} is not running: ${reason}. It is being started again.`;
      return { status, body: { error: { code, message, details: {} } } };
    }
  }
}
