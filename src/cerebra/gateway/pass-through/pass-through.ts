import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { CONFIG, LOGGER } from '../../../platform/tokens.js';
import { BudgetMap } from '../../budgets/budget-map.js';
import type { CerebraConfig } from '../../cerebra.config.js';
import type { Caller } from '../../identity/caller.js';
import { Ledger } from '../../ledger/ledger.js';
import { ProviderTable } from '../../providers/provider-table.js';
import type { Address, Provider } from '../../providers/provider.js';
import { ActiveCalls } from '../active-calls.js';
import type { Call } from '../call.js';
import { dialects } from '../caller-api.js';
import { Dispatch } from '../dispatch.js';
import { Endings } from '../endings.js';
import type { Failure } from '../failure.js';
import { refuse } from '../refuse.js';
import { PassedCall } from './passed-call.js';
import { ProviderProxy } from './provider-proxy.js';
import { isFree, objection } from './unmetered.pure.js';

/** A call to a provider that the path names, of which nothing but that is known. */
export interface PassedRequest {
  readonly call: Call;
  readonly caller: Caller;
  /** The caller's own key, flat: name, value. Null: the provider's configured one is sent. */
  readonly credential: readonly string[] | null;
  readonly provider: Provider;
  readonly address: Address;
  /** Below the root of the provider's API, without the query. */
  readonly path: string;
  readonly query: string;
}

/** Files, batches, audio, whatever is new: authenticated and recorded, but their replies tell no usage that we read. */
@Injectable()
export class PassThrough implements OnModuleInit, OnApplicationShutdown {
  /** One for each provider that calls are passed to, until it is changed or removed. */
  readonly #proxies = new Map<Provider, ProviderProxy>();

  constructor(
    @Inject(ProviderTable) private readonly providers: ProviderTable,
    @Inject(BudgetMap) private readonly budgets: BudgetMap,
    @Inject(Dispatch) private readonly dispatch: Dispatch,
    @Inject(Endings) private readonly endings: Endings,
    @Inject(ActiveCalls) private readonly active: ActiveCalls,
    @Inject(Ledger) private readonly ledger: Ledger,
    @Inject(CONFIG) private readonly config: CerebraConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.providers.onRetired((provider) => {
      this.#proxies.get(provider)?.retire();
      this.#proxies.delete(provider);
    });
  }

  /** Never throws; answers on `response`. */
  web(passed: PassedRequest, request: IncomingMessage, response: ServerResponse): void {
    const { call, provider } = passed;
    const failure = this.#objection(passed, request.method ?? '', false);
    if (failure !== null) return this.dispatch.refuse(dialects[provider.api], call, failure, response);
    const running = this.#begin(passed, response);
    response.setHeader('x-oco-request-id', call.id);
    response.once('close', () => running.closed(response.writableFinished));
    const listener = {
      answered: (status: number) => running.answered(status),
      failed: (error: Error) => {
        running.failed();
        this.#answerFailed(passed, error, response);
      },
    };
    void this.#proxyTo(passed).web(request, response, passed, listener);
  }

  /** A WebSocket, such as a realtime session. @returns why not */
  upgrade(passed: PassedRequest, request: IncomingMessage, socket: Socket, head: Buffer): Failure | null {
    const failure = this.#objection(passed, 'CONNECT', true);
    if (failure !== null) return failure;
    const running = this.#begin(passed, socket);
    passed.call.stream = true;
    socket.once('close', () => running.closed(true));
    passed.call.status = SWITCHING_PROTOCOLS;
    this.#proxyTo(passed).upgrade(request, socket, head, passed, running);
    return null;
  }

  onApplicationShutdown(): void {
    for (const proxy of this.#proxies.values()) proxy.close();
  }

  #objection({ caller, provider, path }: PassedRequest, method: string, socket: boolean): Failure | null {
    const { availability } = provider;
    if (availability !== 'open') return { kind: 'provider_closed', provider: provider.name, why: availability };
    const applicable = this.budgets.applicable(caller, '', provider.name);
    return objection(caller, applicable, `${provider.name}${path}`, !socket && isFree(method, path));
  }

  #begin({ call, provider }: PassedRequest, connection: { destroy(): unknown }): PassedCall {
    call.provider = provider.name;
    this.ledger.intend(call);
    return new PassedCall(call, connection, this.active, this.endings);
  }

  #proxyTo({ provider, address }: PassedRequest): ProviderProxy {
    const made = this.#proxies.get(provider);
    if (made !== undefined) return made;
    const proxy = new ProviderProxy(address, this.config.upstreamTimeoutMs);
    this.#proxies.set(provider, proxy);
    return proxy;
  }

  #answerFailed({ call, provider }: PassedRequest, error: Error, response: ServerResponse): void {
    if (response.destroyed) return;
    this.log.warn({ err: error, call: call.id, provider: provider.name }, 'A call could not be passed through.');
    // Part of it is out: only a broken connection says that it is not whole.
    if (response.headersSent) {
      response.destroy();
      return;
    }
    // The head of a reply that never came must not mix with ours.
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    call.status = refuse(response, dialects[provider.api], { kind: kindOf(error), provider: provider.name }, call.id);
  }
}

const SWITCHING_PROTOCOLS = 101;

/** Without a connection, not one byte was sent. */
const NO_CONNECTION: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);

const kindOf = (error: Error) =>
  'code' in error && NO_CONNECTION.has(error.code) ? 'upstream_unreachable' : 'upstream_cut';
