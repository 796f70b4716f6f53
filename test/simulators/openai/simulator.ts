import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { chatRequest } from './chat-request.ts';
import { json, send, sse, type Reply } from './reply.ts';
import { commonHeaders, completion, errorBody, events } from './wire.ts';

/** A request as it came in. */
export interface Received {
  readonly method: string;
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

const MODELS = ['gpt-4o', 'gpt-4o-mini', 'gpt-5-nano'];

/** A provider that speaks OpenAI's chat API to the letter, and misbehaves as it is told to. */
export class OpenAiSimulator {
  readonly requests: Received[] = [];
  readonly #server: Server;
  readonly #options: SimulatorOptions;
  readonly #queued: Reply[] = [];

  private constructor(options: SimulatorOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async start(options: SimulatorOptions = {}): Promise<OpenAiSimulator> {
    const simulator = new OpenAiSimulator(options);
    simulator.#server.listen(options.port ?? 0, '127.0.0.1');
    await once(simulator.#server, 'listening');
    return simulator;
  }

  /** For `OPENAI_BASE_URL`. */
  get baseUrl(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/v1`;
  }

  /** The chat calls that came in; listing models is none. */
  get chats(): readonly Received[] {
    return this.requests.filter(({ path }) => path.endsWith('/chat/completions'));
  }

  /** Answers the next chat call so, instead of as OpenAI would. */
  next(...replies: readonly Reply[]): void {
    this.#queued.push(...replies);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
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
    await send(response, this.#replyTo(received), gone.signal, () => received.sent++);
  }

  #replyTo(request: Received): Reply {
    const { apiKey, paceMs } = this.#options;
    if (apiKey !== undefined && request.headers.authorization !== `Bearer ${apiKey}`) {
      return this.#error(401, 'Incorrect API key provided.', 'invalid_api_key');
    }
    const route = `${request.method} ${request.path}`;
    if (route === 'GET /v1/models') {
      const data = MODELS.map((id) => ({ id, object: 'model', created: 1_715_367_049, owned_by: 'system' }));
      return json(JSON.stringify({ object: 'list', data }), 200, commonHeaders());
    }
    if (route !== 'POST /v1/chat/completions') return this.#error(404, `Invalid URL (${route})`, null);
    const queued = this.#queued.shift();
    if (queued !== undefined) return queued;
    const parsed = chatRequest.safeParse(parse(request.body));
    if (!parsed.success) return this.#error(400, 'We could not parse the JSON body of your request.', null);
    if (parsed.data.stream === true) return sse(events(parsed.data), { paceMs, headers: commonHeaders() });
    return { ...json(completion(parsed.data), 200, commonHeaders()), waitMs: paceMs };
  }

  #error(status: number, message: string, code: string | null): Reply {
    return json(errorBody(message, 'invalid_request_error', code), status, commonHeaders());
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
