import { ApiError, GoogleGenAI } from '@google/genai';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { errorBody } from '../../simulators/gemini/wire.js';
import { json, sse } from '../../simulators/reply.js';
import { GatewayFixture } from './gateway-fixture.js';

let gateway: GatewayFixture;

beforeAll(async () => {
  gateway = await GatewayFixture.start();
});

afterAll(() => gateway.stop());

/** The official client: nothing is changed but its base URL and its key. */
const client = (apiKey: string, path = '', apiVersion?: string): GoogleGenAI =>
  new GoogleGenAI({ apiKey, httpOptions: { baseUrl: gateway.url + path, apiVersion } });

const model = 'gemini-2.5-flash';
const question = { model, contents: 'What colour is the sea?' };
const SAID = 'The sea is blue, says Zoë 🌊.';

/** What the simulator bills for the question: 16 tokens and 4 that are cached; 3 said, 5 thought. */
const tokens = { input_tokens: 16, cache_read_tokens: 4, output_tokens: 3, reasoning_tokens: 5 };

describe("Gemini's own client", () => {
  it.each([
    ['', undefined],
    ['', 'v1'],
    ['/gemini', undefined],
  ])('chats below %p as version %p, and the call is in the ledger at its price', async (path, version) => {
    const { id, key } = await gateway.key();
    const reply = await client(key, path, version).models.generateContent(question);
    expect(reply.text).toBe(SAID);
    expect(gateway.gemini.requests.at(-1)?.path).toBe(`/${version ?? 'v1beta'}/models/${model}:generateContent`);
    // 16 read at 0.3, 4 out of the cache at 0.03, 3 said and 5 thought at 2.5 millionths of a dollar.
    const cost = 16n * 300_000n + 4n * 30_000n + 8n * 2_500_000n;
    expect(await gateway.rows(id)).toMatchObject([
      { provider: 'gemini', model, outcome: 'ok', estimated: false, cost_pico: cost, ...tokens },
    ]);
  });

  it('streams', async () => {
    const { id, key } = await gateway.key();
    const stream = await client(key).models.generateContentStream({ ...question, model: `gemini/${model}` });
    let said = '';
    for await (const chunk of stream) said += chunk.text ?? '';
    expect(said).toBe(SAID);
    expect(await gateway.rows(id)).toMatchObject([
      { requested_model: `gemini/${model}`, model, stream: true, outcome: 'ok', estimated: false, ...tokens },
    ]);
  });

  it('calls functions', async () => {
    const { key } = await gateway.key();
    const tools = [{ functionDeclarations: [{ name: 'weather' }] }];
    const reply = await client(key).models.generateContent({ ...question, config: { tools } });
    expect(reply.functionCalls).toMatchObject([{ name: 'weather', args: { city: 'Paris' } }]);
  });

  it('counts tokens for nothing, and asks for embeddings', async () => {
    const { id, key } = await gateway.key();
    expect(await client(key).models.countTokens(question)).toMatchObject({ totalTokens: 16 });
    const { embeddings } = await client(key).models.embedContent({
      model: 'gemini-embedding-001',
      contents: ['a', 'b'],
    });
    expect(embeddings).toMatchObject([{ values: [0.25, -0.5] }, { values: [0.25, -0.5] }]);
    expect(await gateway.rows(id, 2)).toMatchObject([
      { model, outcome: 'ok', cost_pico: 0n, estimated: false },
      { model: 'gemini-embedding-001', outcome: 'ok', estimated: true, output_tokens: 0 },
    ]);
  });

  it('lists the models that the key may use', async () => {
    const { key } = await gateway.key({ allowed_models: ['gemini-2.5-*'] });
    const names = [];
    for await (const { name } of await client(key).models.list()) names.push(name);
    expect(names).toEqual(['models/gemini-2.5-flash']);
    const shared = await fetch(`${gateway.url}/v1/models`, { headers: { 'x-goog-api-key': key } });
    expect(await shared.json()).toMatchObject({ models: [{ name: 'models/gemini-2.5-flash' }] });
  });

  it('may send its key in the query, and it goes neither upstream nor into the log', async () => {
    const { key } = await gateway.key();
    const reply = await fetch(`${gateway.url}/v1beta/models/${model}:streamGenerateContent?key=${key}`, {
      method: 'POST',
      body: JSON.stringify({ contents: [{ parts: [{ text: 'Hello' }] }] }),
    });
    expect(await reply.json()).toHaveLength(3);
    expect(gateway.gemini.requests.at(-1)?.path).toBe(`/v1beta/models/${model}:streamGenerateContent`);
    expect(gateway.log.join('')).not.toContain(key);
  });

  it.each([
    { status: 400, name: 'INVALID_ARGUMENT' },
    { status: 429, name: 'RESOURCE_EXHAUSTED' },
    { status: 503, name: 'UNAVAILABLE' },
  ])("throws its own error for the provider's $status, which costs nothing", async ({ status, name }) => {
    const { id, key } = await gateway.key();
    gateway.gemini.next(json(errorBody(status, name, 'Said the provider.'), status));
    const failed = client(key).models.generateContent(question);
    await expect(failed).rejects.toBeInstanceOf(ApiError);
    await expect(failed).rejects.toMatchObject({ status });
    expect(await gateway.rows(id)).toMatchObject([{ outcome: 'upstream_error', status_code: status, cost_pico: 0n }]);
  });

  it("is told of the gateway's refusals in its own shape", async () => {
    const stranger = client('oco_live_nobody').models.generateContent(question);
    await expect(stranger).rejects.toMatchObject({ status: 401, message: expect.stringContaining('UNAUTHENTICATED') });
    const poor = await gateway.key({ budget: { limit_usd: 0.000001, period: 'total' } });
    const refused = await fetch(`${gateway.url}/v1beta/models/${model}:generateContent`, {
      method: 'POST',
      headers: { 'x-goog-api-key': poor.key },
      body: '{"contents":[]}',
    });
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({
      error: {
        code: 429,
        status: 'RESOURCE_EXHAUSTED',
        details: [{ reason: 'BUDGET_EXCEEDED' }, { scope: 'key', limit_usd: 0.000001 }],
      },
    });
    expect(await gateway.rows(poor.id)).toMatchObject([{ outcome: 'refused', refusal: 'budget_exceeded' }]);
  });

  it.each([
    [404, `${model}:predict`, '{}'],
    [400, `..%2ffiles:generateContent`, '{}'],
    [400, `${model}:generateContent`, '{'],
    [400, `${model}:generateContent`, '{"generationConfig":{},"generation_config":{"maxOutputTokens":9}}'],
    [400, `${model}:generateContent`, '{"generationConfig":{"maxOutputTokens":9,"max_output_tokens":99}}'],
    [400, `${model}:generateContent`, '{"generationConfig":{"candidateCount":99}}'],
  ])('is told %i for %s with %s', async (status, call, body) => {
    const { key } = await gateway.key();
    const before = gateway.gemini.requests.length;
    const reply = await fetch(`${gateway.url}/v1beta/models/${call}`, {
      method: 'POST',
      headers: { 'x-goog-api-key': key },
      body,
    });
    expect(reply.status).toBe(status);
    expect(await reply.json()).toMatchObject({ error: { code: status, details: expect.any(Array) } });
    expect(gateway.gemini.requests).toHaveLength(before);
  });

  it('is told when a stream breaks', async () => {
    const { id, key } = await gateway.key();
    gateway.gemini.next(sse(['data: {"candidates":[]}\n\ndata: {"cand'], { ending: 'reset' }));
    const stream = await client(key).models.generateContentStream(question);
    const read = async (): Promise<void> => {
      for await (const chunk of stream) expect(chunk.candidates).toEqual([]);
    };
    await expect(read()).rejects.toBeInstanceOf(ApiError);
    expect(await gateway.rows(id)).toMatchObject([{ outcome: 'upstream_cut', estimated: true }]);
  });
});
