import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { GatewayFixture } from './gateway-fixture.js';

let gateway: GatewayFixture;
beforeAll(async () => {
  gateway = await GatewayFixture.start();
});
afterAll(() => gateway.stop());

const messages = [{ role: 'user' as const, content: 'Hello.' }];

it.each(['', '/v1/v1'])("OpenAI's client with its base at %p is told the right one", async (path) => {
  const client = new OpenAI({ apiKey: 'oco_live_any', baseURL: gateway.url + path, maxRetries: 0 });
  const call = client.chat.completions.create({ model: 'gpt-4o', messages });
  await expect(call).rejects.toMatchObject({
    status: 404,
    code: 'not_found',
    message: expect.stringMatching(new RegExp(`base URL of your client to ${gateway.url}/v1$`)),
  });
});

it("OpenAI's client with its base at the root is told so for lists, too", async () => {
  const client = new OpenAI({ apiKey: 'oco_live_any', baseURL: gateway.url, maxRetries: 0 });
  await expect(client.models.list()).rejects.toMatchObject({ message: expect.stringContaining(`${gateway.url}/v1`) });
});

it.each(['/v1', '/anthropic/v1'])("Anthropic's client with its base at %p is told the right one", async (path) => {
  const client = new Anthropic({ apiKey: 'oco_live_any', baseURL: gateway.url + path, maxRetries: 0 });
  const call = client.messages.create({ model: 'claude-sonnet-4-6', max_tokens: 10, messages });
  await expect(call).rejects.toMatchObject({
    status: 404,
    type: 'not_found_error',
    error: { error: { message: expect.stringMatching(new RegExp(`base URL of your client to ${gateway.url}$`)) } },
  });
});

it.each(['/v1beta', '/gemini/v1beta'])("Google's client with its base at %p is told the right one", async (path) => {
  const client = new GoogleGenAI({ apiKey: 'oco_live_any', httpOptions: { baseUrl: gateway.url + path } });
  const call = client.models.generateContent({ model: 'gemini-2.5-flash', contents: 'Hello.' });
  await expect(call).rejects.toMatchObject({
    status: 404,
    message: expect.stringContaining(`base URL of your client to ${gateway.url}"`),
  });
});

it('behind a proxy that ends TLS, the right one has the scheme that the client used', async () => {
  const headers = { 'x-forwarded-proto': 'https', 'content-type': 'application/json' };
  const reply = await fetch(`${gateway.url}/chat/completions`, { method: 'POST', headers, body: '{}' });
  expect(await reply.text()).toContain(`https://${new URL(gateway.url).host}/v1"`);
});

it('a path that nothing serves under a right base names the pass-through instead', async () => {
  const reply = await fetch(`${gateway.url}/v1/fine_tuning/jobs`, { method: 'POST', body: '{}' });
  expect(await reply.json()).toMatchObject({ error: { message: expect.stringContaining('/v1/proxy/{provider}') } });
});
