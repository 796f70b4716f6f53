import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request, type Server } from 'node:https';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './fault.js';

/** The server that it stands before; `TestCluster` is one. */
export interface Upstream {
  readonly server: string;
  readonly authority: string;
  readonly servingFolder: string;
}

export interface SeenCall {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

interface PlannedFault {
  readonly matches: (call: SeenCall) => boolean;
  readonly fault: Fault;
  times: number;
}

/**
 * Stands before a real API server, with its certificate, and spoils the calls that it is told to.
 * Tokens pass; client certificates do not.
 */
export class KubeProxy {
  readonly calls: SeenCall[] = [];
  /** Being answered now, and the most that there ever were at once. */
  inFlight = 0;
  mostInFlight = 0;
  private readonly planned: PlannedFault[] = [];
  private readonly listener: Server;
  private readonly agent: Agent;

  private constructor(private readonly upstream: Upstream) {
    const file = (name: string): Buffer => readFileSync(join(upstream.servingFolder, name));
    this.agent = new Agent({ ca: upstream.authority, keepAlive: true });
    this.listener = createServer({ cert: file('apiserver.crt'), key: file('apiserver.key') }, (call, reply) => {
      void this.serve(call, reply);
    });
  }

  static async before(upstream: Upstream): Promise<KubeProxy> {
    const proxy = new KubeProxy(upstream);
    proxy.listener.listen(0, '127.0.0.1');
    await once(proxy.listener, 'listening');
    return proxy;
  }

  /** For `TestCluster.kubeconfig(…, server)`. */
  get server(): string {
    const address = this.listener.address();
    return `https://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
  }

  /** @param times how many of the calls that match; each call meets the first fault that is left for it */
  spoil(matches: RegExp | ((call: SeenCall) => boolean), fault: Fault, times = 1): void {
    const test =
      typeof matches === 'function' ? matches : ({ method, path }: SeenCall) => matches.test(`${method} ${path}`);
    this.planned.push({ matches: test, fault, times });
  }

  /** Forgets the calls so far and the faults that are left. */
  reset(): void {
    this.calls.length = 0;
    this.planned.length = 0;
    this.mostInFlight = this.inFlight;
  }

  async close(): Promise<void> {
    this.listener.closeAllConnections();
    this.listener.close();
    await once(this.listener, 'close');
    this.agent.destroy();
  }

  private async serve(incoming: IncomingMessage, reply: ServerResponse): Promise<void> {
    const call = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers };
    this.calls.push(call);
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    reply.once('close', () => (this.inFlight -= 1));
    try {
      await this.answer(incoming, reply, this.take(call));
    } catch {
      // Whoever called went away, or the server did: either way this connection is of no use any more.
      reply.destroy();
    }
  }

  private take(call: SeenCall): Fault | null {
    const found = this.planned.find((one) => one.times > 0 && one.matches(call));
    if (found === undefined) return null;
    found.times -= 1;
    return found.fault;
  }

  private async answer(incoming: IncomingMessage, reply: ServerResponse, fault: Fault | null): Promise<void> {
    if (fault?.kind === 'answer') {
      incoming.resume();
      reply.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
      reply.end(JSON.stringify(fault.body ?? {}));
      return;
    }
    if (fault?.kind === 'reset' && fault.after !== true) {
      reply.destroy();
      return;
    }
    const response = await this.forward(incoming);
    if (fault?.kind === 'reset') {
      response.resume();
      await once(response, 'end');
      reply.destroy();
      return;
    }
    reply.writeHead(response.statusCode ?? 502, response.headers);
    if (fault === null) await pipeline(response, reply);
    else await spoiled(response, reply, fault);
  }

  private async forward(incoming: IncomingMessage): Promise<IncomingMessage> {
    const { host: _own, ...headers } = incoming.headers;
    const outgoing = request(new URL(incoming.url ?? '/', this.upstream.server), {
      agent: this.agent,
      method: incoming.method,
      headers,
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve).once('error', reject);
    });
    const [response] = await Promise.all([answered, pipeline(incoming, outgoing)]);
    return response;
  }
}

/** A body in part, or slowly. */
async function spoiled(
  body: IncomingMessage,
  reply: ServerResponse,
  fault: Exclude<Fault, { kind: 'answer' | 'reset' }>,
): Promise<void> {
  let passed = 0;
  for await (const bytes of body) {
    const piece = Buffer.from(bytes);
    if (fault.kind === 'drip') {
      for (let start = 0; start < piece.length; start += fault.bytes) {
        reply.write(piece.subarray(start, start + fault.bytes));
        await sleep(fault.everyMs);
      }
      continue;
    }
    reply.write(piece.subarray(0, Math.max(fault.bytes - passed, 0)));
    passed += piece.length;
    if (passed < fault.bytes) continue;
    if (fault.kind === 'stall') return;
    // What was written has to be out before the connection goes.
    await new Promise((resolve) => reply.write('', resolve));
    reply.destroy();
    return;
  }
  reply.end();
}
