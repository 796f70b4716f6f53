import { Agent, request } from 'undici';
import { z } from 'zod';

export interface KubeReply {
  readonly status: number;
  readonly body: unknown;
}

export interface KubeCall {
  /** JSON, or text that is sent as it is. */
  readonly body?: unknown;
  readonly contentType?: string;
}

const resources = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});
const objectHead = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string().optional(), namespace: z.string().optional() }),
});

/** Calls a test cluster as someone, to prepare it and to look at it. */
export class KubeClient {
  private readonly dispatcher: Agent;
  private readonly known = new Map<string, z.output<typeof resources>>();

  constructor(
    private readonly server: string,
    authority: string,
    private readonly token: string,
  ) {
    this.dispatcher = new Agent({ connect: { ca: authority } });
  }

  async call(method: string, path: string, { body, contentType }: KubeCall = {}): Promise<KubeReply> {
    const reply = await request(`${this.server}${path}`, {
      method,
      dispatcher: this.dispatcher,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': contentType ?? 'application/json' },
      body: typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
    });
    const text = await reply.body.text();
    const isJson = String(reply.headers['content-type']).startsWith('application/json');
    return { status: reply.statusCode, body: isJson ? JSON.parse(text) : text };
  }

  /** @throws where the answer is not the one that tells of success */
  async get(path: string): Promise<unknown> {
    return succeeded(`GET ${path}`, await this.call('GET', path));
  }

  /**
   * In the order given.
   * @throws at the first that is refused
   */
  async create(...objects: readonly object[]): Promise<unknown[]> {
    const made: unknown[] = [];
    for (const object of objects) {
      const path = await this.collectionOf(object);
      made.push(succeeded(`POST ${path}`, await this.call('POST', path, { body: object })));
    }
    return made;
  }

  /** Where objects of this kind are created. */
  async collectionOf(object: unknown): Promise<string> {
    const { apiVersion, kind, metadata } = objectHead.parse(object);
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const resource = await this.find(root, kind);
    const folder = resource.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
    return `${root}${folder}/${resource.name}`;
  }

  private async find(root: string, kind: string): Promise<z.output<typeof resources>['resources'][number]> {
    const isWanted = (one: { name: string; kind: string }): boolean => one.kind === kind && !one.name.includes('/');
    // A kind that is not there yet may come with a CRD later.
    const held = this.known.get(root)?.resources.find(isWanted);
    if (held !== undefined) return held;
    const list = resources.parse(await this.get(root));
    this.known.set(root, list);
    const found = list.resources.find(isWanted);
    if (found === undefined) throw new Error(`${root} has no ${kind}.`);
    return found;
  }

  async close(): Promise<void> {
    await this.dispatcher.destroy();
  }
}

function succeeded(what: string, { status, body }: KubeReply): unknown {
  if (status >= 200 && status < 300) return body;
  throw new Error(`${what} answered ${status}: ${JSON.stringify(body)}`);
}
