import { z } from 'zod';
import { json, sse, type Reply } from '../reply.ts';
import { parseJson, Simulator, type Received, type SimulatorOptions } from '../simulator.ts';
import { chunks, errorBody, generateRequest, reply, tokensOf } from './wire.ts';

const MODELS = ['gemini-2.5-flash', 'gemini-embedding-001'];
const CALL = /^POST \/v1(?:beta)?\/models\/([^/:]+):(\w+)$/;

const batch = z.looseObject({ requests: z.array(z.unknown()) });

/** A provider that speaks Gemini's API to the letter. */
export class GeminiSimulator extends Simulator {
  static async start(options: SimulatorOptions = {}): Promise<GeminiSimulator> {
    const simulator = new GeminiSimulator(options);
    await simulator.listen();
    return simulator;
  }

  protected override replyTo(request: Received): Reply {
    const { apiKey } = this.options;
    const url = new URL(request.path, 'http://simulator');
    const key = request.headers['x-goog-api-key'] ?? url.searchParams.get('key');
    if (apiKey !== undefined && key !== apiKey) return error(400, 'INVALID_ARGUMENT', 'API key not valid.');
    const route = `${request.method} ${url.pathname}`;
    if (route === 'GET /v1beta/models') {
      const models = MODELS.map((id) => ({ name: `models/${id}`, displayName: id }));
      return json(JSON.stringify({ models }));
    }
    const queued = this.queued();
    if (queued !== undefined) return queued;
    const [, model = '', action] = CALL.exec(route) ?? [];
    const body = parseJson(request.body);
    if (action === 'batchEmbedContents') return this.#embed(batch.parse(body).requests.length);
    if (action === 'embedContent') return json(JSON.stringify({ embedding: { values: [0.25, -0.5] } }));
    const parsed = generateRequest.safeParse(body);
    if (!parsed.success) return error(400, 'INVALID_ARGUMENT', 'contents is not specified');
    switch (action) {
      case 'generateContent':
        return { ...json(JSON.stringify(reply(model, parsed.data))), waitMs: this.options.paceMs };
      case 'streamGenerateContent':
        return this.#stream(chunks(model, parsed.data), url.searchParams.get('alt') === 'sse');
      case 'countTokens':
        return json(JSON.stringify({ totalTokens: tokensOf(parsed.data) }));
      default:
        return error(404, 'NOT_FOUND', 'Requested entity was not found.');
    }
  }

  /** Without `alt=sse` it is one JSON array, piece by piece. */
  #stream(parts: readonly object[], events: boolean): Reply {
    const { paceMs } = this.options;
    const texts = parts.map((part) => JSON.stringify(part));
    if (events)
      return sse(
        texts.map((text) => `data: ${text}\r\n\r\n`),
        { paceMs },
      );
    const pieces = texts.map((text, index) => (index === 0 ? '[' : ',\r\n') + text);
    return { status: 200, headers: { 'content-type': 'application/json' }, pieces: [...pieces, ']'], paceMs };
  }

  #embed(inputs: number): Reply {
    const embeddings = Array.from({ length: inputs }, () => ({ values: [0.25, -0.5] }));
    return json(JSON.stringify({ embeddings }));
  }
}

const error = (status: number, name: string, message: string): Reply => json(errorBody(status, name, message), status);
