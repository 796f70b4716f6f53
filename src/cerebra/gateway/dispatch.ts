import { Inject, Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { LOGGER, CONFIG } from '../../platform/tokens.js';
import { BudgetGate, type Admission, type Budget, type Claim } from '../budgets/budget-gate.js';
import { BudgetMap } from '../budgets/budget-map.js';
import type { CerebraConfig } from '../cerebra.config.js';
import { bringsOwnKey, type Caller } from '../identity/caller.js';
import { Ledger } from '../ledger/ledger.js';
import type { RateClaim } from '../limits/rate-limits.js';
import { boundOf, inputBound, outputBound, type Ask } from '../pricing/bound.pure.js';
import type { NanoUsd } from '../pricing/money.js';
import { PriceTable } from '../pricing/price-table.js';
import type { ModelPrice } from '../pricing/rates.js';
import type { Dialect } from '../providers/dialect.js';
import { ProviderTable } from '../providers/provider-table.js';
import type { Provider } from '../providers/provider.js';
import type { Target } from '../providers/resolve.js';
import { ActiveCalls } from './active-calls.js';
import { mayUse } from './allowed-models.js';
import type { Asked } from './asked.js';
import type { Call } from './call.js';
import { cutTo, leastOf, type Cutting } from './cutting.pure.js';
import { Endings } from './endings.js';
import { estimateTokens, tokensOfText } from './estimate.pure.js';
import { Exchange, type ExchangeServices } from './exchange.js';
import { refusalOf, type Failure } from './failure.js';
import { GatewayMetrics } from './gateway-metrics.js';
import type { Operation } from './operation.js';
import type { Allowed, Plan } from './plan.js';
import { refuse } from './refuse.js';
import { forUpstream } from './request-headers.pure.js';
import { splice } from './splice.pure.js';

/** A provider that the path names. */
export interface Destination {
  readonly provider: Provider;
  /** Below the root of its API, with the query. */
  readonly path: string;
}

/** A request whose caller is known and whose body has been read. */
export interface Received {
  readonly caller: Caller;
  readonly body: Buffer;
  readonly headers: IncomingHttpHeaders;
  /** The caller's own key for the provider; null: it shows a virtual one. */
  readonly credential: readonly string[] | null;
  /** With its question mark; empty where there is none. */
  readonly query: string;
  /** The model, where the path names it. */
  readonly named: string;
  /** Where it is passed through to, whatever its model is; null: where its model is. */
  readonly destination: Destination | null;
}

/** A call that can be made, if its budgets can pay for it and its key has room for it. */
interface Prepared extends Omit<Plan, keyof Allowed> {
  readonly kind: 'prepared';
  readonly budgets: readonly Budget[];
  readonly rate: RateClaim | null;
  readonly cutting: Cutting | null;
}

const NO_BUDGETS: readonly Budget[] = [];
const FREELY: Allowed = { remaining: null, allowances: null, waitedMs: 0 };

/** The way of a call from its body to the provider: read, resolve, bound, reserve, send. */
@Injectable()
export class Dispatch {
  readonly #services: ExchangeServices;

  constructor(
    @Inject(ProviderTable) private readonly providers: ProviderTable,
    @Inject(PriceTable) private readonly prices: PriceTable,
    @Inject(BudgetMap) private readonly budgets: BudgetMap,
    @Inject(BudgetGate) private readonly gate: BudgetGate,
    @Inject(Ledger) private readonly ledger: Ledger,
    @Inject(Endings) private readonly endings: Endings,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(ActiveCalls) active: ActiveCalls,
    @Inject(GatewayMetrics) metrics: GatewayMetrics,
    @Inject(CONFIG) config: CerebraConfig,
  ) {
    this.#services = { active, endings, metrics, prices, clientTimeoutMs: config.upstreamTimeoutMs };
  }

  /** Never throws; answers on `raw`, now or later. */
  serve(operation: Operation, call: Call, received: Received, raw: ServerResponse): void {
    const prepared = this.#prepare(operation, call, received);
    if (prepared.kind !== 'prepared') return this.refuse(operation.dialect, call, prepared, raw);
    if (prepared.budgets.length === 0 && prepared.rate === null) {
      return this.#send(call, { ...prepared, ...FREELY }, raw);
    }
    const admission = this.gate.reserve(claimOf(call, prepared, raw));
    if (!(admission instanceof Promise)) return this.#admitted(call, prepared, admission, raw);
    admission.then(
      (settled) => this.#admitted(call, prepared, settled, raw),
      (error: unknown) => {
        this.log.error({ err: error, call: call.id }, 'The budgets of a call could not be asked.');
        this.refuse(operation.dialect, call, { kind: 'internal' }, raw);
      },
    );
  }

  /** Answers in place of a provider, and records that it did. */
  refuse(dialect: Dialect, call: Call, failure: Failure, raw: ServerResponse): void {
    if (!raw.destroyed) call.status = refuse(raw, dialect, failure, call.id);
    this.endings.refuse(call, refusalOf(failure));
  }

  #prepare(operation: Operation, call: Call, received: Received): Prepared | Failure {
    call.operation = operation.name;
    const { caller, body, headers, credential, query, named, destination } = received;
    const reading = operation.read(body, named);
    if (reading.kind === 'unreadable') return reading;
    const { asked } = reading;
    const { model } = asked;
    call.requestedModel = model;
    call.stream = asked.stream;

    const target =
      destination === null
        ? this.providers.resolve(model, operation.api, bringsOwnKey(caller))
        : { provider: destination.provider, model };
    if (target === null) return { kind: 'unknown_model', model };
    call.model = target.model;
    call.provider = target.provider.name;
    const { availability } = target.provider;
    if (availability !== 'open') return { kind: 'provider_closed', provider: call.provider, why: availability };
    if (!mayUse(caller, target)) return { kind: 'model_not_allowed', model };

    const unpaid = {
      kind: 'prepared',
      cutting: null,
      maxOutput: null,
      operation,
      target,
      path: destination?.path ?? operation.path(target.model) + query,
      body: splice(body, asked, target.model),
      headers: forUpstream(headers, operation.passes),
      credential,
      hideUsage: asked.hideUsage,
      inputEstimate: tokensOfText(body.length),
      rate: rateOf(caller, operation.free ? 0 : estimateTokens(body.length, asked)),
    } as const;
    if (operation.free) return { ...unpaid, price: null, outputBound: 0, budgets: NO_BUDGETS };
    return this.#bound(call, caller, asked, target, body.length, unpaid);
  }

  #bound(
    call: Call,
    caller: Caller,
    asked: Asked,
    { model, provider }: Target,
    bytes: number,
    unpaid: Omit<Prepared, 'price' | 'outputBound' | 'budgets'>,
  ): Prepared | Failure {
    const price = this.prices.find(provider.name, model, call.startedAt);
    const budgets = this.budgets.applicable(caller, model, provider.name);
    const hard = price === null ? budgets.find((budget) => budget.hard) : undefined;
    if (hard !== undefined) return { kind: 'unknown_price', model, budget: hard };
    if (price === null) return { ...unpaid, price, outputBound: 0, budgets };
    const { media, maxOutput, choices, tier = 'standard', webSearches = 0 } = asked;
    const ask = { bytes, media, maxOutput, choices, tier, webSearches };
    call.bound = boundOf(ask, price);
    call.priceVersion = price.version;
    const cutting = cuttingOf(caller, unpaid.operation, ask, price);
    const inputEstimate = media ? inputBound(ask, price) : unpaid.inputEstimate;
    return { ...unpaid, price, inputEstimate, outputBound: outputBound(ask, price), budgets, cutting };
  }

  #admitted(call: Call, prepared: Prepared, admission: Admission, raw: ServerResponse): void {
    const { dialect } = prepared.operation;
    switch (admission.kind) {
      case 'admitted':
        call.reservation = admission.reservation;
        return this.#send(call, planOf(call, prepared, admission), raw);
      case 'limited':
        return this.refuse(dialect, call, { kind: 'over_rate', shortage: admission.shortage }, raw);
      case 'abandoned':
        return this.endings.leave(call);
      case 'refused':
        return this.refuse(dialect, call, overBudget(admission, call.bound), raw);
      case 'unavailable':
        return this.refuse(dialect, call, { kind: 'budgets_away', budget: admission.by }, raw);
    }
  }

  #send(call: Call, plan: Plan, raw: ServerResponse): void {
    this.ledger.intend(call);
    const durable = this.ledger.durable();
    const start = (): void => new Exchange(call, raw, plan, this.#services).start();
    if (durable === null) start();
    else durable.then(start, start);
  }
}

const overBudget = (refused: Extract<Admission, { kind: 'refused' }>, bound: NanoUsd): Failure => ({
  kind: 'over_budget',
  budget: refused.by,
  state: refused.state,
  bound,
  waitedMs: refused.waitedMs,
});

const rateOf = ({ keyId, limits }: Caller, tokens: number): RateClaim | null =>
  limits === null || keyId === null ? null : { keyId, limits, tokens };

const claimOf = ({ id: callId, bound }: Call, { budgets, rate, cutting }: Prepared, raw: ServerResponse): Claim => ({
  callId,
  budgets,
  bound,
  least: cutting === null ? bound : leastOf(cutting),
  rate,
  abandoned: () => raw.destroyed,
});

/** Only where the key wants it, the client left it open and the shape of the call has a place for a limit. */
function cuttingOf({ clampOutput }: Caller, { limit }: Operation, ask: Ask, price: ModelPrice): Cutting | null {
  return clampOutput && ask.maxOutput === null && limit !== undefined ? { ask, price, limit } : null;
}

function planOf(call: Call, prepared: Prepared, admission: Extract<Admission, { kind: 'admitted' }>): Plan {
  const { remaining, allowances, waitedMs, reservation } = admission;
  const plan = { ...prepared, remaining, allowances, waitedMs };
  if (prepared.cutting === null || reservation.bound >= call.bound) return plan;
  call.bound = reservation.bound;
  return { ...plan, ...cutTo(prepared.body, prepared.cutting, reservation.bound) };
}
