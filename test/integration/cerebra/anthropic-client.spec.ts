import Anthropic, {
  APIError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { errorBody } from '../../simulators/anthropic/wire.js';
import { json, sse } from '../../simulators/reply.js';
import { GatewayFixture } from './gateway-fixture.js';

let gateway: GatewayFixture;

beforeAll(async () => {
  gateway = await GatewayFixture.start();
});

afterAll(() => gateway.stop());

/** The official client: nothing is changed but its base URL and its key. */
const client = (apiKey: string, path = ''): Anthropic =>
  new Anthropic({ apiKey, baseURL: gateway.url + path, maxRetries: 0 });

const question = {
  model: 'claude-sonnet-4-6',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'What colour is the sea?' }],
};

const SAID = 'The sea is blue, says Zoë 🌊.';
const tokens = { input_tokens: 14, cache_read_tokens: 10, output_tokens: 8 };

describe("Anthropic's own client", () => {
  it.each(['', '/anthropic'])('chats below %p, and the call is in the ledger at its price', async (path) => {
    const { id, key } = await gateway.key();
    const { data, response } = await client(key, path).messages.create(question).withResponse();
    expect(data).toMatchObject({ content: [{ type: 'text', text: SAID }], stop_reason: 'end_turn' });
    // 14 read at 3, 10 out of the cache at 0.3, 4 and 2 written at 3.75 and 6, 8 said at 15 millionths of a dollar.
    const cost = 14n * 3_000_000n + 10n * 300_000n + 4n * 3_750_000n + 2n * 6_000_000n + 8n * 15_000_000n;
    expect(await gateway.rows(id)).toMatchObject([
      {
        id: response.headers.get('x-oco-request-id'),
        provider: 'anthropic',
        model: 'claude-sonnet-4-6',
        outcome: 'ok',
        estimated: false,
        cost_pico: cost,
        ...tokens,
      },
    ]);
    expect(response.headers.get('request-id')).toMatch(/^req_/);
  });

  it('streams', async () => {
    const { id, key } = await gateway.key();
    const stream = client(key).messages.stream({ ...question, model: 'anthropic/claude-sonnet-4-6' });
    expect(await stream.finalText()).toBe(SAID);
    expect(await gateway.rows(id)).toMatchObject([
      { requested_model: 'anthropic/claude-sonnet-4-6', stream: true, outcome: 'ok', estimated: false, ...tokens },
    ]);
  });

  it('calls tools, streamed and not', async () => {
    const { key } = await gateway.key();
    const tools = [{ name: 'weather', input_schema: { type: 'object' as const } }];
    const used = [{ type: 'tool_use', name: 'weather', input: { city: 'Paris' } }];
    const called = await client(key).messages.create({ ...question, tools });
    expect(called).toMatchObject({ stop_reason: 'tool_use', content: used });
    const streamed = await client(key)
      .messages.stream({ ...question, tools })
      .finalMessage();
    expect(streamed).toMatchObject({ stop_reason: 'tool_use', content: used });
  });

  it('counts tokens for nothing, whatever its budget', async () => {
    const { id, key } = await gateway.key({ budget: { limit_usd: 0.000001, period: 'total' } });
    const { model, messages } = question;
    expect(await client(key).messages.countTokens({ model, messages })).toEqual({ input_tokens: 14 });
    expect(await gateway.rows(id)).toMatchObject([{ outcome: 'ok', cost_pico: 0n, estimated: false }]);
  });

  it('lists the models that the key may use', async () => {
    const { key } = await gateway.key({ allowed_models: ['claude-haiku*'] });
    const { data } = await client(key).models.list();
    expect(data.map(({ id }) => id)).toEqual(['claude-haiku-4-5']);
  });

  it('sends its key as either header, and neither goes upstream', async () => {
    const { key } = await gateway.key();
    const body = JSON.stringify(question);
    const version = { 'anthropic-version': '2023-06-01', 'anthropic-beta': 'context-1m-2025-08-07' };
    for (const credential of [{ 'x-api-key': key }, { authorization: `Bearer ${key}` }]) {
      const reply = await fetch(`${gateway.url}/v1/messages?beta=true`, {
        method: 'POST',
        headers: { ...version, ...credential },
        body,
      });
      expect(reply.status).toBe(200);
      const sent = gateway.anthropic.requests.at(-1);
      expect(sent?.path).toBe('/v1/messages?beta=true');
      expect(sent?.headers).toMatchObject({ ...version, 'x-api-key': 'sk-ant-of-the-provider' });
      expect(JSON.stringify(sent?.headers)).not.toContain(key);
      expect(sent?.body.toString()).toBe(body);
    }
  });

  it.each([
    { status: 400, error: BadRequestError, type: 'invalid_request_error' },
    { status: 404, error: NotFoundError, type: 'not_found_error' },
    { status: 429, error: RateLimitError, type: 'rate_limit_error' },
    { status: 529, error: InternalServerError, type: 'overloaded_error' },
  ])("throws its own error for the provider's $status, which costs nothing", async ({ status, error, type }) => {
    const { id, key } = await gateway.key();
    gateway.anthropic.next(json(errorBody(type, 'Said the provider.'), status, { 'retry-after': '7' }));
    const thrown = await client(key)
      .messages.create(question)
      .then(
        () => null,
        (reason: unknown) => reason,
      );
    expect(thrown).toBeInstanceOf(error);
    expect(thrown).toMatchObject({ status, type });
    expect(await gateway.rows(id)).toMatchObject([{ outcome: 'upstream_error', status_code: status, cost_pico: 0n }]);
  });

  it("is told of the gateway's refusals in its own shape", async () => {
    await expect(client('oco_live_nobody').messages.create(question)).rejects.toBeInstanceOf(AuthenticationError);
    const restricted = await gateway.key({ allowed_models: ['claude-haiku*'] });
    await expect(client(restricted.key).messages.create(question)).rejects.toBeInstanceOf(PermissionDeniedError);
    const poor = await gateway.key({ budget: { limit_usd: 0.000001, period: 'total' } });
    const refused = client(poor.key).messages.create(question);
    await expect(refused).rejects.toBeInstanceOf(RateLimitError);
    await expect(refused).rejects.toMatchObject({
      type: 'rate_limit_error',
      requestID: expect.any(String),
      error: { type: 'error', error: { code: 'budget_exceeded', oco: { scope: 'key', limit_usd: 0.000001 } } },
    });
    expect(await gateway.rows(poor.id)).toMatchObject([{ outcome: 'refused', refusal: 'budget_exceeded' }]);
    const unknown = await fetch(`${gateway.url}/anthropic/v1/batches`, { method: 'POST' });
    expect(await unknown.json()).toMatchObject({ type: 'error', error: { type: 'not_found_error' } });
  });

  it('is told when a stream breaks', async () => {
    const { id, key } = await gateway.key();
    const half = 'event: message_start\ndata: {"type":"message_start","message":{"content":[]}}\n\nevent: content';
    gateway.anthropic.next(sse([half], { ending: 'reset' }));
    const stream = await client(key).messages.create({ ...question, stream: true });
    const read = async (): Promise<void> => {
      for await (const event of stream) expect(event.type).toBe('message_start');
    };
    const broken = read();
    await expect(broken).rejects.toBeInstanceOf(APIError);
    await expect(broken).rejects.toMatchObject({ type: 'api_error' });
    expect(await gateway.rows(id)).toMatchObject([{ outcome: 'upstream_cut', estimated: true }]);
  });
});
