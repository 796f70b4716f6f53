import { json, sse, type Reply } from '../reply.ts';
import { parseJson, Simulator, type Received, type SimulatorOptions } from '../simulator.ts';
import { chatRequest } from './chat-request.ts';
import { embeddingsReply, embeddingsRequest } from './embeddings.ts';
import { responseEvents, responsesReply, responsesRequest } from './responses.ts';
import { commonHeaders, completion, errorBody, events } from './wire.ts';

export type { Received, SimulatorOptions };

const MODELS = ['gpt-4o', 'gpt-4o-mini', 'gpt-5-nano'];

/** A provider that speaks OpenAI's API to the letter. */
export class OpenAiSimulator extends Simulator {
  static async start(options: SimulatorOptions = {}): Promise<OpenAiSimulator> {
    const simulator = new OpenAiSimulator(options);
    await simulator.listen();
    return simulator;
  }

  /** For `OPENAI_BASE_URL`. */
  get baseUrl(): string {
    return `${this.origin}/v1`;
  }

  /** The chat calls that came in. */
  get chats(): readonly Received[] {
    return this.requests.filter(({ path }) => path.endsWith('/chat/completions'));
  }

  protected override replyTo(request: Received): Reply {
    const { apiKey } = this.options;
    if (apiKey !== undefined && request.headers.authorization !== `Bearer ${apiKey}`) {
      return this.#error(401, 'Incorrect API key provided.', 'invalid_api_key');
    }
    const route = `${request.method} ${request.path.split('?', 1)[0]}`;
    if (route === 'GET /v1/models') {
      const data = MODELS.map((id) => ({ id, object: 'model', created: 1_715_367_049, owned_by: 'system' }));
      return json(JSON.stringify({ object: 'list', data }), 200, commonHeaders());
    }
    const queued = this.queued();
    if (queued !== undefined) return queued;
    switch (route) {
      case 'POST /v1/chat/completions':
        return this.#chat(request);
      case 'POST /v1/embeddings':
        return this.#embeddings(request);
      case 'POST /v1/responses':
        return this.#responses(request);
      default:
        return this.#error(404, `Invalid URL (${route})`, null);
    }
  }

  #chat(request: Received): Reply {
    const parsed = chatRequest.safeParse(parseJson(request.body));
    if (!parsed.success) return this.#unreadable();
    return this.#answer(
      parsed.data.stream === true,
      () => completion(parsed.data),
      () => events(parsed.data),
    );
  }

  #responses(request: Received): Reply {
    const parsed = responsesRequest.safeParse(parseJson(request.body));
    if (!parsed.success) return this.#unreadable();
    const { data } = parsed;
    return this.#answer(
      data.stream === true,
      () => JSON.stringify(responsesReply(data)),
      () => responseEvents(data),
    );
  }

  #embeddings(request: Received): Reply {
    const parsed = embeddingsRequest.safeParse(parseJson(request.body));
    if (!parsed.success) return this.#unreadable();
    return this.#answer(
      false,
      () => JSON.stringify(embeddingsReply(parsed.data)),
      () => [],
    );
  }

  #answer(stream: boolean, whole: () => string, pieces: () => string[]): Reply {
    const { paceMs } = this.options;
    if (stream) return sse(pieces(), { paceMs, headers: commonHeaders() });
    return { ...json(whole(), 200, commonHeaders()), waitMs: paceMs };
  }

  #unreadable(): Reply {
    return this.#error(400, 'We could not parse the JSON body of your request.', null);
  }

  #error(status: number, message: string, code: string | null): Reply {
    return json(errorBody(message, 'invalid_request_error', code), status, commonHeaders());
  }
}
