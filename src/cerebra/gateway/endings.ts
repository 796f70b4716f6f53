import { Inject, Injectable } from '@nestjs/common';
import { BudgetGate } from '../budgets/budget-gate.js';
import { Ledger } from '../ledger/ledger.js';
import { MAX_NANO_USD, nanoUsd, toNanoUsd, toPicoUsd, type PicoUsd } from '../pricing/money.js';
import { isPriced, priceOf } from '../pricing/price.pure.js';
import type { ModelPrice } from '../pricing/rates.js';
import { totalTokens, type Usage } from '../pricing/usage.js';
import type { Call, Outcome, Refusal } from './call.js';
import { CallCounts } from './call-counts.js';
import { CALL_SPANS } from './call-spans.provider.js';
import type { CallSpans } from './call-spans.js';
import { atLeastSeen, estimateUsage, isCredible, type Seen } from './estimate.pure.js';

/** What nginx writes down when the client left before there was a status. */
export const CLIENT_CLOSED_REQUEST = 499;

/** What is known of a call when it is over. */
export interface Ending {
  readonly outcome: Outcome;
  /** As the provider told it. */
  readonly usage: Usage | null;
  /** More was to come after it. */
  readonly usageSoFar: boolean;
  /** To go by for what was not told; null when the provider bills no more, because it refused or was not reached. */
  readonly seen: Seen | null;
}

/** Of a call that the provider bills nothing for, or does not say. */
export const NOTHING_TOLD = { usage: null, usageSoFar: false, seen: null } as const;

/** The one place where calls end: each is settled and recorded once, in whatever way it ended. */
@Injectable()
export class Endings {
  constructor(
    @Inject(BudgetGate) private readonly gate: BudgetGate,
    @Inject(Ledger) private readonly ledger: Ledger,
    @Inject(CallCounts) private readonly counts: CallCounts,
    @Inject(CALL_SPANS) private readonly spans: CallSpans | null,
  ) {}

  /** A call that was sent, or was about to be. */
  end(call: Call, price: ModelPrice | null, told: Ending): void {
    const ending = told.usage === null || isCredible(told.usage) ? told : { ...told, usage: null };
    call.outcome = ending.outcome;
    this.#bill(call, price, ending);
    if (call.reservation !== null) this.gate.settle(call.reservation, toNanoUsd(call.cost), tokensOf(call, ending));
    this.#record(call);
  }

  /** A call whose client went away before it was sent. */
  leave(call: Call): void {
    call.status = CLIENT_CLOSED_REQUEST;
    this.end(call, null, { outcome: 'client_abort', ...NOTHING_TOLD });
  }

  /** A call that is answered here, at no cost. Without a known caller it leaves a metric and no row. */
  refuse(call: Call, refusal: Refusal | null): void {
    call.outcome = 'refused';
    call.refusal = refusal;
    if (call.reservation !== null) this.gate.settle(call.reservation, nanoUsd(0), null);
    if (call.caller === null) this.counts.unauthorized++;
    else this.#record(call);
  }

  /** Null, or a promise to wait for before the reply ends, where the ledger must be on disk by then. */
  durable(): Promise<void> | null {
    return this.ledger.durable();
  }

  #bill(call: Call, price: ModelPrice | null, { usage, usageSoFar, seen }: Ending): void {
    if (usage !== null) call.usage = usageSoFar && seen !== null ? atLeastSeen(usage, seen) : usage;
    else if (seen !== null) call.usage = estimateUsage(seen);
    else return;
    call.estimated = usage === null || usageSoFar || price === null || !isPriced(usage, price);
    if (price === null) return;
    // More than a counter can hold would be lost from the ledger and from every budget.
    const most = usage === null ? call.bound : MAX_NANO_USD;
    call.cost = atMost(priceOf(call.usage, price), toPicoUsd(most));
  }

  #record(call: Call): void {
    call.latencyMs = performance.now() - call.startedMs;
    this.ledger.record(call);
    this.counts.ended(call);
    this.spans?.ended(call);
  }
}

const atMost = (cost: PicoUsd, most: PicoUsd): PicoUsd => (cost < most ? cost : most);

/** Null where the call was never made. */
const tokensOf = ({ usage, ttfbMs }: Call, ending: Ending): number | null =>
  ending.usage === null && ending.seen === null && ttfbMs < 0 ? null : totalTokens(usage);
