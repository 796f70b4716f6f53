import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createProviderBody } from '../../../src/cerebra/providers/providers.dto.js';
import { ProvidersService } from '../../../src/cerebra/providers/providers.service.js';
import { json } from '../../simulators/reply.js';
import { GatewayFixture } from './gateway-fixture.js';

let gateway: GatewayFixture;
beforeAll(async () => {
  gateway = await GatewayFixture.start();
});
afterAll(() => gateway.stop());

const KEY = 'sk-planted-in-a-provider-9876';
/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:1/v1';

it('logs what goes wrong with a provider, and never its keys', async () => {
  const providers = gateway.app.get(ProvidersService, { strict: false });
  const make = (name: string, baseUrl: string, ...apiKeys: string[]) =>
    providers.create(
      createProviderBody.parse({
        name,
        kind: 'openai-compatible',
        base_url: baseUrl,
        credentials: apiKeys.map((api_key) => ({ api_key })),
      }),
    );
  gateway.simulator.answerKey(`${KEY}-denied`, json('{"error":{"message":"no"}}', 401));
  await make('denied', gateway.simulator.baseUrl, `${KEY}-denied`, `${KEY}-denied-too`);
  await make('away', NOWHERE, KEY);
  const { key } = await gateway.key();
  const headers = { authorization: `Bearer ${key}` };
  const statuses = [
    (await gateway.chat(key, { model: 'denied/m', messages: [{ role: 'user', content: 'Hello' }] })).status,
    (await gateway.chat(key, { model: 'away/m', messages: [{ role: 'user', content: 'Hello' }] })).status,
    (await fetch(`${gateway.url}/v1/models`, { headers })).status,
    (await fetch(`${gateway.url}/v1/proxy/away/v1/files`, { headers })).status,
    (await fetch(`${gateway.url}/v1/proxy/denied/v1/files`, { headers })).status,
  ];
  expect(statuses.slice(1, 4)).toEqual([502, 200, 502]);
  const log = gateway.log.join();
  expect(log).toContain('away');
  expect(log).not.toContain(KEY);
});
