import { z } from 'zod';
import { makeKey, type Replica } from './replica-fixture.js';

export const PROVIDERS = '/api/v1/providers';

const credential = z.object({
  id: z.string(),
  last4: z.string(),
  weight: z.number(),
  state: z.string(),
  rests_until: z.string().nullable(),
});
const provider = z.looseObject({ id: z.string(), name: z.string(), credentials: z.array(credential) });
export type Provider = z.output<typeof provider>;

/** Makes a provider through the API. */
export async function makeProvider(replica: Replica, fields: object): Promise<Provider> {
  const body = { kind: 'openai-compatible', ...fields };
  const reply = await replica.call('POST', PROVIDERS, body);
  if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`);
  return provider.parse(reply.body);
}

export const readProvider = async (replica: Replica, name: string): Promise<Provider> =>
  provider.parse((await replica.call('GET', `${PROVIDERS}/${name}`)).body);

export const statesOf = async (replica: Replica, name: string): Promise<string[]> =>
  (await readProvider(replica, name)).credentials.map(({ state }) => state);

interface Init {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** How a client calls. */
export class Client {
  private constructor(
    readonly replica: Replica,
    readonly keyId: string,
    readonly key: string,
  ) {}

  static async of(replica: Replica, fields: object = {}): Promise<Client> {
    const { id, key } = await makeKey(replica, fields);
    return new Client(replica, id, key);
  }

  /** The same client before another replica. */
  at(replica: Replica): Client {
    return new Client(replica, this.keyId, this.key);
  }

  chat(model: string, more: object = {}, init: Init = {}): Promise<Response> {
    return this.post('/v1/chat/completions', { ...question, model, ...more }, init);
  }

  get(path: string): Promise<Response> {
    return fetch(this.replica.url + path, { headers: { authorization: `Bearer ${this.key}` } });
  }

  post(path: string, body: object, { headers, signal }: Init = {}): Promise<Response> {
    return fetch(this.replica.url + path, {
      method: 'POST',
      body: JSON.stringify(body),
      signal,
      headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json', ...headers },
    });
  }
}

const question = { messages: [{ role: 'user', content: 'Hello' }], max_tokens: 10 };

const failure = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** What a refusal says, beside its status. */
export async function refusalOf(reply: Response): Promise<{ status: number; code: string; message: string }> {
  return { status: reply.status, ...failure.parse(await reply.json()).error };
}
