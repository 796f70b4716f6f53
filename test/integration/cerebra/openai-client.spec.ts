import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI, {
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from 'openai';
import { errorBody } from '../../simulators/openai/wire.js';
import { json, sse } from '../../simulators/reply.js';
import { GatewayFixture } from './gateway-fixture.js';

let gateway: GatewayFixture;

beforeAll(async () => {
  gateway = await GatewayFixture.start();
});

afterAll(() => gateway.stop());

/** The official client: nothing is changed but its base URL and its key. */
const client = (apiKey: string): OpenAI => new OpenAI({ apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });

const messages = [{ role: 'user' as const, content: 'What colour is the sea?' }];

describe("OpenAI's own client", () => {
  it('chats, and the call is in the ledger at its price', async () => {
    const { id, key } = await gateway.key({ user_id: 'sailor' });
    const { data, response } = await client(key).chat.completions.create({ model: 'gpt-4o', messages }).withResponse();
    expect(data.choices[0]?.message.content).toBe('The sea is blue and wide, says Zoë 🌊.');
    const [row] = await gateway.rows(id);
    // Prompt tokens × 2.5 + 10 × 10 millionths of a dollar, in pico-USD.
    const cost = BigInt(data.usage?.prompt_tokens ?? 0) * 2_500_000n + 10n * 10_000_000n;
    expect(row).toMatchObject({
      id: response.headers.get('x-oco-request-id'),
      provider: 'openai',
      model: 'gpt-4o',
      outcome: 'ok',
      status_code: 200,
      stream: false,
      output_tokens: 10,
      cost_pico: cost,
      estimated: false,
    });
    expect(BigInt(Math.round(Number(response.headers.get('x-oco-cost-usd')) * 1e12))).toBe(cost);
    expect(response.headers.get('x-oco-model')).toBe('gpt-4o');
    expect(Number(response.headers.get('x-oco-overhead-us'))).toBeGreaterThan(0);
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it('streams, without the usage event that it did not ask for', async () => {
    const { id, key } = await gateway.key();
    const stream = await client(key).chat.completions.create({ model: 'openai/gpt-4o-mini', messages, stream: true });
    let said = '';
    for await (const chunk of stream) {
      expect(chunk.choices).toHaveLength(1);
      said += chunk.choices[0]?.delta.content ?? '';
    }
    expect(said).toBe('The sea is blue and wide, says Zoë 🌊.');
    expect(await gateway.rows(id)).toMatchObject([
      { model: 'gpt-4o-mini', requested_model: 'openai/gpt-4o-mini', stream: true, output_tokens: 10, outcome: 'ok' },
    ]);
  });

  it('streams with the usage event that it asked for', async () => {
    const { key } = await gateway.key();
    const stream = await client(key).chat.completions.create({
      model: 'gpt-4o',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    const usages = [];
    for await (const chunk of stream) if (chunk.usage) usages.push(chunk);
    expect(usages).toMatchObject([{ choices: [], usage: { completion_tokens: 10 } }]);
  });

  it('calls tools, streamed and not', async () => {
    const { key } = await gateway.key();
    const tools = [
      { type: 'function' as const, function: { name: 'weather', parameters: { type: 'object', properties: {} } } },
    ];
    const called = await client(key).chat.completions.create({ model: 'gpt-4o', messages, tools });
    expect(called.choices[0]).toMatchObject({ finish_reason: 'tool_calls' });
    const runner = client(key).chat.completions.stream({ model: 'gpt-4o', messages, tools });
    const { choices } = await runner.finalChatCompletion();
    expect(choices[0]?.message.tool_calls).toMatchObject([
      { function: { name: 'weather', arguments: '{"city":"Paris"}' } },
    ]);
  });

  it('asks for embeddings, as numbers and in base64', async () => {
    const { id, key } = await gateway.key();
    const input = ['What colour', 'is the sea?'];
    const model = 'text-embedding-3-small';
    const { data } = await client(key).embeddings.create({ model, input });
    expect(data.map(({ embedding }) => embedding)).toEqual([
      [0.25, -0.5, 0.125],
      [0.25, -0.5, 0.125],
    ]);
    await client(key).embeddings.create({ model, input, encoding_format: 'float' });
    expect(await gateway.rows(id, 2)).toMatchObject([
      { model, input_tokens: 6, output_tokens: 0, outcome: 'ok' },
      { model, input_tokens: 6, output_tokens: 0, outcome: 'ok' },
    ]);
  });

  it('asks for responses, streamed and not, with and without tools', async () => {
    const { id, key } = await gateway.key();
    const { responses } = client(key);
    const question = { model: 'gpt-4o', input: 'What colour is the sea?' };
    expect(await responses.create(question)).toMatchObject({ output_text: 'The sea is blue, says Zoë 🌊.' });
    let said = '';
    for await (const event of await responses.create({ ...question, stream: true })) {
      if (event.type === 'response.output_text.delta') said += event.delta;
    }
    expect(said).toBe('The sea is blue, says Zoë 🌊.');
    const tools = [{ type: 'function' as const, name: 'weather', parameters: {}, strict: false }];
    const called = await responses.stream({ ...question, tools }).finalResponse();
    expect(called.output).toMatchObject([{ type: 'function_call', name: 'weather', arguments: '{"city":"Paris"}' }]);
    const tokens = { input_tokens: 8, cache_read_tokens: 12, output_tokens: 7, reasoning_tokens: 3 };
    const row = { model: 'gpt-4o', outcome: 'ok', estimated: false, ...tokens };
    expect(await gateway.rows(id, 3)).toMatchObject([row, row, row]);
  });

  it('is told when a stream of responses breaks', async () => {
    const { id, key } = await gateway.key();
    const half = 'event: response.created\ndata: {"type":"response.created"}\n\nevent: resp';
    gateway.simulator.next(sse([half], { ending: 'reset' }));
    const stream = await client(key).responses.create({ model: 'gpt-4o', input: 'Hello', stream: true });
    const read = async (): Promise<void> => {
      for await (const event of stream) expect(event.type).toBe('response.created');
    };
    await expect(read()).rejects.toMatchObject({ code: 'upstream_error' });
    expect(await gateway.rows(id)).toMatchObject([{ outcome: 'upstream_cut', estimated: true }]);
  });

  it('lists the models that the key may use', async () => {
    const all = await client((await gateway.key()).key).models.list();
    expect(all.data.map(({ id }) => id)).toEqual(['demo/echo', 'gpt-4o', 'gpt-4o-mini', 'gpt-5-nano']);
    const some = await client((await gateway.key({ allowed_models: ['gpt-4o*'] })).key).models.list();
    expect(some.data.map(({ id }) => id)).toEqual(['gpt-4o', 'gpt-4o-mini']);
  });

  it.each([
    { status: 400, error: BadRequestError, code: 'context_length_exceeded' },
    { status: 404, error: NotFoundError, code: 'model_not_found' },
    { status: 429, error: RateLimitError, code: 'rate_limit_exceeded' },
    { status: 500, error: InternalServerError, code: null },
  ])("throws its own error for the provider's $status, which costs nothing", async ({ status, error, code }) => {
    const { id, key } = await gateway.key();
    gateway.simulator.next(json(errorBody('Said the provider.', 'some_error', code), status, { 'retry-after': '7' }));
    const call = client(key).chat.completions.create({ model: 'gpt-4o', messages });
    const thrown = await call.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(thrown).toBeInstanceOf(error);
    expect(thrown).toMatchObject({ status, code, type: 'some_error' });
    expect(await gateway.rows(id)).toMatchObject([
      { outcome: 'upstream_error', status_code: status, cost_pico: 0n, estimated: false },
    ]);
  });

  it('is told of a wrong key, and of a model that is not allowed', async () => {
    const wrong = client('oco_live_nobody').chat.completions.create({ model: 'gpt-4o', messages });
    await expect(wrong).rejects.toBeInstanceOf(AuthenticationError);
    const { id, key } = await gateway.key({ allowed_models: ['gpt-4o-mini'] });
    const forbidden = client(key).chat.completions.create({ model: 'gpt-4o', messages });
    await expect(forbidden).rejects.toMatchObject({ status: 403, code: 'model_not_allowed' });
    expect(await gateway.rows(id)).toMatchObject([
      { outcome: 'refused', refusal: 'model_not_allowed', status_code: 403, cost_pico: 0n },
    ]);
  });
});
