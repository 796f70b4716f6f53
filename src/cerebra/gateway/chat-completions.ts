import { Inject, Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { LOGGER, CONFIG } from '../../platform/tokens.js';
import { BudgetGate, type Admission, type Budget } from '../budgets/budget-gate.js';
import { BudgetMap } from '../budgets/budget-map.js';
import type { CerebraConfig } from '../cerebra.config.js';
import type { Caller } from '../identity/caller.js';
import { Ledger } from '../ledger/ledger.js';
import { boundOf, outputBound } from '../pricing/bound.pure.js';
import type { NanoUsd } from '../pricing/money.js';
import { PriceTable } from '../pricing/price-table.js';
import { openAiDialect } from '../providers/openai/dialect.js';
import { ProviderTable } from '../providers/provider-table.js';
import { ActiveCalls } from './active-calls.js';
import { mayUse } from './allowed-models.js';
import type { Call, Refusal } from './call.js';
import { Endings } from './endings.js';
import { Exchange, type ExchangeServices } from './exchange.js';
import type { Failure } from './failure.js';
import { GatewayMetrics } from './gateway-metrics.js';
import { peek } from './peek.pure.js';
import type { Plan } from './plan.js';
import { refuse } from './refuse.js';
import { forUpstream } from './request-headers.pure.js';
import { splice } from './splice.pure.js';

/** A call that can be made, if its budgets can pay for it. */
type Prepared = Omit<Plan, 'remaining'> & { readonly budgets: readonly Budget[] };

/** `POST /v1/chat/completions` from the body to the provider: read, resolve, bound, reserve, send. */
@Injectable()
export class ChatCompletions {
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
    this.#services = {
      dialect: openAiDialect,
      active,
      endings,
      metrics,
      clientTimeoutMs: config.upstreamTimeoutMs,
    };
  }

  /** Never throws; answers on `raw`, now or later. */
  serve(call: Call, caller: Caller, body: Buffer, headers: IncomingHttpHeaders, raw: ServerResponse): void {
    const prepared = this.#prepare(call, caller, body, headers, raw);
    if (prepared === null) return;
    if (prepared.budgets.length === 0) return this.#send(call, { ...prepared, remaining: null }, raw);
    const admission = this.gate.reserve(call.id, prepared.budgets, call.bound);
    if (!(admission instanceof Promise)) return this.#admitted(call, prepared, admission, raw);
    admission.then(
      (settled) => this.#admitted(call, prepared, settled, raw),
      (error: unknown) => {
        this.log.error({ err: error, call: call.id }, 'The budgets of a call could not be asked.');
        this.refuse(call, { kind: 'internal' }, null, raw);
      },
    );
  }

  /** Answers in place of a provider, and records that it did. */
  refuse(call: Call, failure: Failure, refusal: Refusal | null, raw: ServerResponse): void {
    if (!raw.destroyed) call.status = refuse(raw, openAiDialect, failure, call);
    this.endings.refuse(call, refusal);
  }

  #prepare(
    call: Call,
    caller: Caller,
    body: Buffer,
    headers: IncomingHttpHeaders,
    raw: ServerResponse,
  ): Prepared | null {
    const seen = peek(body);
    if (seen.kind === 'unreadable') return this.#refused(call, seen, 'bad_request', raw);
    const { request } = seen;
    call.requestedModel = request.model;
    call.stream = request.stream;

    const target = this.providers.resolve(request.model);
    if (target === null)
      return this.#refused(call, { kind: 'unknown_model', model: request.model }, 'bad_request', raw);
    call.model = target.model;
    call.provider = target.provider.name;
    if (!mayUse(caller, target)) {
      return this.#refused(call, { kind: 'model_not_allowed', model: request.model }, 'model_not_allowed', raw);
    }

    const price = this.prices.find(call.provider, call.model, call.startedAt);
    const budgets = this.budgets.applicable(caller, call.model, call.provider);
    const hard = price === null ? budgets.find((budget) => budget.hard) : undefined;
    if (hard !== undefined) {
      return this.#refused(call, { kind: 'unknown_price', model: call.model, budget: hard }, 'bad_request', raw);
    }
    const ask = { bytes: body.length, media: request.media, maxOutput: request.maxOutput, choices: request.choices };
    if (price !== null) {
      call.bound = boundOf(ask, price);
      call.priceVersion = this.prices.version;
    }
    return {
      target,
      body: splice(body, request, target.model),
      headers: forUpstream(headers),
      hideUsage: request.stream && !request.usageAsked,
      price,
      outputBound: price === null ? 0 : outputBound(ask, price),
      budgets,
    };
  }

  #refused(call: Call, failure: Failure, refusal: Refusal, raw: ServerResponse): null {
    this.refuse(call, failure, refusal, raw);
    return null;
  }

  #admitted(call: Call, prepared: Prepared, admission: Admission, raw: ServerResponse): void {
    switch (admission.kind) {
      case 'admitted':
        call.reservation = admission.reservation;
        return this.#send(call, { ...prepared, remaining: admission.remaining }, raw);
      case 'refused':
        return this.refuse(call, overBudget(admission, call.bound), 'budget_exceeded', raw);
      case 'unavailable':
        return this.refuse(call, { kind: 'budgets_away', budget: admission.by }, null, raw);
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
});
