import { json, sse, type Reply } from '../reply.ts';
import { parseJson, Simulator, type Received, type SimulatorOptions } from '../simulator.ts';
import { messagesRequest, type MessagesRequest } from './messages-request.ts';
import { commonHeaders, errorBody, inputTokens, message, messageEvents } from './wire.ts';

const MODELS = ['claude-sonnet-4-6', 'claude-haiku-4-5'];

/** A provider that speaks Anthropic's API to the letter. */
export class AnthropicSimulator extends Simulator {
  static async start(options: SimulatorOptions = {}): Promise<AnthropicSimulator> {
    const simulator = new AnthropicSimulator(options);
    await simulator.listen();
    return simulator;
  }

  protected override replyTo(request: Received): Reply {
    const { apiKey } = this.options;
    const key = request.headers['x-api-key'] ?? request.headers.authorization?.replace('Bearer ', '');
    if (apiKey !== undefined && key !== apiKey) return error(401, 'authentication_error', 'invalid x-api-key');
    if (request.headers['anthropic-version'] === undefined) {
      return error(400, 'invalid_request_error', 'anthropic-version: header is required');
    }
    const route = `${request.method} ${request.path.split('?', 1)[0]}`;
    if (route === 'GET /v1/models') return this.#models();
    const queued = this.queued();
    if (queued !== undefined) return queued;
    const counting = route === 'POST /v1/messages/count_tokens';
    if (route !== 'POST /v1/messages' && !counting) return error(404, 'not_found_error', 'Not Found');
    const parsed = messagesRequest.safeParse(parseJson(request.body));
    if (!parsed.success) return error(400, 'invalid_request_error', 'messages: Field required');
    if (counting) return json(JSON.stringify({ input_tokens: inputTokens(parsed.data) }), 200, commonHeaders());
    if (parsed.data.max_tokens === undefined) {
      return error(400, 'invalid_request_error', 'max_tokens: Field required');
    }
    return this.#answer(parsed.data);
  }

  #answer(request: MessagesRequest): Reply {
    const { paceMs } = this.options;
    if (request.stream === true) return sse(messageEvents(request), { paceMs, headers: commonHeaders() });
    return { ...json(JSON.stringify(message(request)), 200, commonHeaders()), waitMs: paceMs };
  }

  #models(): Reply {
    const data = MODELS.map((id) => ({ type: 'model', id, display_name: id, created_at: '2025-09-29T00:00:00Z' }));
    const list = { data, has_more: false, first_id: MODELS[0], last_id: MODELS.at(-1) };
    return json(JSON.stringify(list), 200, commonHeaders());
  }
}

const error = (status: number, type: string, text: string): Reply =>
  json(errorBody(type, text), status, commonHeaders());
