import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { errorMessage } from '../../../platform/logging/error-facts.js';
import { exchange, type Exchange, type ExchangeLimits, type ExchangeRequest } from './exchange.js';
import { delayBefore, isPassing, THROTTLED, type RetryPolicy } from './retry.pure.js';

export interface KubeConnectionOptions {
  /** The cluster's name, for messages. */
  readonly cluster: string;
  /** Connections to the server, with its TLS. */
  readonly pool: Dispatcher;
  /** Before each path: empty, unless the server is reached below a path. */
  readonly basePath: string;
  /** Of the credential; asked for before each call, since tokens change. */
  readonly credential: () => Promise<Readonly<Record<string, string>>>;
  readonly retry: RetryPolicy;
}

export interface SendOptions extends ExchangeLimits {
  /** Whether it does no harm when the server does it twice. */
  readonly repeatable: boolean;
  /** Fewer than the policy's, for callers that pace themselves. */
  readonly attempts?: number;
}

/** The way to one API server: its connections, its credential, and patience. */
export class KubeConnection {
  readonly cluster: string;

  constructor(private readonly options: KubeConnectionOptions) {
    this.cluster = options.cluster;
  }

  /** Tries again what may be tried again; the last answer, whatever it is, is the outcome. */
  async send(request: ExchangeRequest, { repeatable, attempts, ...limits }: SendOptions): Promise<Exchange> {
    const { retry } = this.options;
    const most = Math.min(attempts ?? retry.attempts, retry.attempts);
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.attempt(request, limits);
      if (attempt >= most || !mayPass(answer, repeatable)) return answer;
      const waitMs = delayBefore(retry, attempt, answer.kind === 'reply' ? answer.retryAfterMs : null, Math.random());
      await sleep(waitMs, undefined, { signal: limits.signal }).catch(() => limits.signal?.throwIfAborted());
    }
  }

  /** Lets what runs end. */
  async close(): Promise<void> {
    await this.options.pool.close();
  }

  /** Breaks off what runs. */
  async destroy(): Promise<void> {
    await this.options.pool.destroy();
  }

  private async attempt(request: ExchangeRequest, limits: ExchangeLimits): Promise<Exchange> {
    const { pool, basePath, credential } = this.options;
    let held: Readonly<Record<string, string>>;
    try {
      held = await credential();
    } catch (cause) {
      return { kind: 'broken', why: `its credential cannot be read (${errorMessage(cause)})`, cause };
    }
    const headers = { ...request.headers, ...held };
    return exchange(pool, { ...request, path: basePath + request.path, headers }, limits);
  }
}

function mayPass(answer: Exchange, repeatable: boolean): boolean {
  switch (answer.kind) {
    case 'reply':
      return answer.status === THROTTLED || (repeatable && isPassing(answer.status));
    case 'broken':
      return repeatable;
    case 'too_large':
      return false;
    default:
      return answer satisfies never;
  }
}
