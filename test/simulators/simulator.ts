import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { send, type Reply } from './reply.ts';

/** A request as it came in. */
export interface Received {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The caller went away before the reply was whole. */
  aborted: boolean;
  /** Pieces of the reply that the system has taken. */
  sent: number;
}

export interface SimulatorOptions {
  readonly port?: number;
  /** Between the events of a stream, and before other replies. */
  readonly paceMs?: number;
  /** Calls without this key are refused. */
  readonly apiKey?: string;
}

/** The key that a request shows, in whichever header. */
export function keyOf({ headers }: Pick<Received, 'headers'>): string | undefined {
  const key = ['x-api-key', 'x-goog-api-key', 'api-key']
    .map((name) => headers[name])
    .find((value) => value !== undefined);
  return typeof key === 'string' ? key : headers.authorization?.replace(/^Bearer /, '');
}

/** A provider on this machine, which misbehaves as it is told to. */
export abstract class Simulator {
  readonly requests: Received[] = [];
  readonly #server: Server;
  readonly #queued: Reply[] = [];
  readonly #byKey = new Map<string, Reply>();

  constructor(protected readonly options: SimulatorOptions) {
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.on('upgrade', (request, socket) => this.#upgrade(request, socket));
  }

  /** What the provider would say. */
  protected abstract replyTo(request: Received): Reply;

  get origin(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
  }

  async listen(): Promise<void> {
    this.#server.listen(this.options.port ?? 0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** Answers the next calls so, instead of as the provider would. */
  next(...replies: readonly Reply[]): void {
    this.#queued.push(...replies);
  }

  /** Answers all calls with this key so; null: as the provider would again. */
  answerKey(key: string, reply: Reply | null): void {
    if (reply === null) this.#byKey.delete(key);
    else this.#byKey.set(key, reply);
  }

  protected queued(): Reply | undefined {
    return this.#queued.shift();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  /** Agrees to speak whatever is asked for, and says back what it hears. */
  #upgrade({ method = '', url = '', headers }: IncomingMessage, socket: Duplex): void {
    this.requests.push({ method, path: url, headers, body: Buffer.alloc(0), aborted: false, sent: 0 });
    socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n');
    socket.pipe(socket).on('error', () => {});
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    const body: Buffer[] = [];
    request.on('data', (chunk: Buffer) => body.push(chunk));
    await once(request, 'end').catch(() => {});
    const received: Received = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(body),
      aborted: false,
      sent: 0,
    };
    response.once('close', () => {
      received.aborted = !response.writableEnded;
      gone.abort();
    });
    this.requests.push(received);
    const reply = this.#byKey.get(keyOf(received) ?? '') ?? this.replyTo(received);
    await send(response, reply, gone.signal, () => received.sent++);
  }
}

/** @returns undefined for what is not JSON */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
