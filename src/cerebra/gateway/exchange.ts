import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { nanoUsd, toExactUsd, toNanoUsd, toPicoUsd, type NanoUsd } from '../pricing/money.js';
import { WAIT_HEADER } from '../providers/wording.js';
import type { PriceTable } from '../pricing/price-table.js';
import type { ModelPrice } from '../pricing/rates.js';
import type { UpstreamCall, UpstreamFault, UpstreamListener } from '../providers/upstream.js';
import type { ActiveCalls, RunningCall } from './active-calls.js';
import type { Call, Outcome } from './call.js';
import { answerWhole, beginReply } from './client-reply.js';
import { CLIENT_CLOSED_REQUEST, type Endings } from './endings.js';
import type { Seen } from './estimate.pure.js';
import { EventStream } from './event-stream.js';
import type { Failure } from './failure.js';
import type { GatewayMetrics } from './gateway-metrics.js';
import { PackedReply } from './packed-reply.js';
import type { Plan } from './plan.js';
import { refuse } from './refuse.js';
import { ReplyBody } from './reply-body.js';
import { codingOf, isEventStream, passedOn } from './reply-headers.pure.js';
import type { WatchedReply } from './watched-reply.js';

/** What all exchanges share. */
export interface ExchangeServices {
  readonly active: ActiveCalls;
  readonly endings: Endings;
  readonly metrics: GatewayMetrics;
  readonly prices: PriceTable;
  /** How long a client may leave what was sent to it unread. */
  readonly clientTimeoutMs: number;
}

// When the client goes away, the provider is still heard for a while: it bills what it writes, and only its usage says
// how much. But it must not write for long to nobody.
const NOTHING = Buffer.alloc(0);

const DRAIN_MS = 10_000;
const DRAIN_BYTES = 1024 ** 2;

const FAULTS = {
  unreachable: { outcome: 'upstream_error', failure: 'upstream_unreachable' },
  cut: { outcome: 'upstream_cut', failure: 'upstream_cut' },
  timeout: { outcome: 'upstream_timeout', failure: 'upstream_timeout' },
} as const;

/** One call under way: the upstream's bytes to the client, at the client's pace, until either has had enough. */
export class Exchange implements UpstreamListener, RunningCall {
  #upstream: UpstreamCall | null = null;
  #reply: WatchedReply | null = null;
  #headers: string[] = [];
  #length: string | undefined;
  #upstreamStatus = 0;
  /** Not one byte of the call can have reached the provider. */
  #unsent = false;
  #sentMs = 0;
  /** When the upstream last said something that an answer waited for. */
  #heardMs = 0;
  #pausedMs = -1;
  #clientGone = false;
  #over = false;
  place = -1;
  #drainTimer: NodeJS.Timeout | null = null;
  #drainedBytes = 0;

  constructor(
    readonly call: Call,
    private readonly raw: ServerResponse,
    private readonly plan: Plan,
    private readonly services: ExchangeServices,
  ) {}

  get abandoned(): boolean {
    return this.#clientGone;
  }

  start(): void {
    if (this.raw.destroyed) {
      // Left while its budgets were asked.
      this.#unsent = true;
      this.#clientClosed();
      return this.#giveUp();
    }
    this.services.active.add(this);
    this.raw.once('close', () => this.#clientClosed());
    this.#sentMs = performance.now();
    this.#upstream = this.plan.target.provider.upstream.send(this.plan, this);
  }

  head(status: number, headers: IncomingHttpHeaders): void {
    this.#heardMs = performance.now();
    this.call.ttfbMs = this.#heardMs - this.call.startedMs;
    this.services.metrics.firstByteSeconds.observe(this.call.ttfbMs / 1_000);
    this.#headers = passedOn(headers, this.plan.allowances !== null);
    this.#length = headers['content-length'];
    this.#upstreamStatus = status;
    if (!this.#clientGone) this.call.status = status;
    const { operation, hideUsage } = this.plan;
    const streamed = isEventStream(headers);
    const reply = streamed
      ? new EventStream(operation.usage, hideUsage)
      : new ReplyBody(operation.usage, this.call.stream && status < 400);
    const coding = codingOf(headers);
    this.#reply = coding === null ? reply : new PackedReply(reply, coding);
    if (!streamed || this.#clientGone) return;
    beginReply(this.raw, this.call.status, this.#fields());
    this.raw.flushHeaders();
  }

  bytes(chunk: Buffer): void {
    const passing = this.#reply?.push(chunk);
    if (this.#clientGone) {
      this.#drainedBytes += chunk.length;
      if (this.#drainedBytes > DRAIN_BYTES) this.#giveUp();
    } else if (passing !== undefined && passing.length > 0) {
      this.#write(passing);
    }
  }

  ended(): void {
    this.#heardMs = performance.now();
    if (this.#reply instanceof PackedReply) void this.#reply.read().then(() => this.#endWhole());
    else this.#endWhole();
  }

  failed(fault: UpstreamFault): void {
    const { outcome, failure } = FAULTS[fault];
    this.#unsent = fault === 'unreachable';
    this.#end(outcome, { kind: failure, provider: this.call.provider });
  }

  breakOff(): void {
    this.#upstream?.abort();
    this.#end('shutdown', { kind: 'stopping' });
  }

  check(nowMs: number): void {
    const unread = this.#pausedMs >= 0 && nowMs - this.#pausedMs > this.services.clientTimeoutMs;
    if (unread) this.raw.destroy();
  }

  #write(bytes: Buffer): void {
    if (!this.raw.headersSent) this.#begin();
    if (this.raw.write(bytes) || this.#pausedMs >= 0) return;
    this.#pausedMs = performance.now();
    this.#upstream?.pause();
    this.raw.once('drain', () => this.#resume());
  }

  #begin(): void {
    const fields = this.#fields();
    if (this.#length !== undefined) fields.push('content-length', this.#length);
    beginReply(this.raw, this.call.status, fields);
  }

  #resume(): void {
    this.#pausedMs = -1;
    this.#upstream?.resume();
  }

  #clientClosed(): void {
    if (this.#over) return;
    this.#clientGone = true;
    if (this.call.status === 0) this.call.status = CLIENT_CLOSED_REQUEST;
    this.#drainTimer = setTimeout(() => this.#giveUp(), DRAIN_MS);
    this.#resume();
  }

  #endWhole(): void {
    if (this.#over) return;
    const rest = this.#reply?.end();
    this.#end(this.#upstreamStatus < 400 && this.#reply?.failed !== true ? 'ok' : 'upstream_error', null, rest);
  }

  #giveUp(): void {
    this.#upstream?.abort();
    this.#end('client_abort', null);
  }

  /** Settles and records first, so that the answer can tell the cost and nothing that is answered can lack its row. */
  #end(outcome: Outcome, failure: Failure | null, rest?: Buffer): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#drainTimer !== null) clearTimeout(this.#drainTimer);
    if (this.#upstream !== null) this.services.metrics.upstreamSeconds.observe(this.#sinceSent() / 1_000);
    if (failure !== null && !this.raw.headersSent && !this.#clientGone) {
      this.call.status = this.plan.operation.dialect.refusal(failure, this.call.id).status;
    }
    this.services.endings.end(this.call, this.plan.price ?? this.#priceOfServed(), {
      outcome: this.#clientGone ? 'client_abort' : outcome,
      usage: this.#reply?.usage() ?? null,
      usageSoFar: this.#reply?.usageSoFar ?? false,
      seen: this.#seen(),
    });
    if (this.#reply instanceof PackedReply) this.#reply.close();
    this.services.active.delete(this);
    const durable = this.services.endings.durable();
    const answer = (): void => this.#answer(rest, failure);
    if (durable === null) answer();
    else durable.then(answer, answer);
  }

  #sinceSent(): number {
    return performance.now() - this.#sentMs;
  }

  #answer(rest: Buffer | undefined, failure: Failure | null): void {
    if (this.#clientGone || this.raw.destroyed) return;
    const { dialect } = this.plan.operation;
    if (failure === null) {
      if (this.raw.headersSent) this.raw.end(rest);
      else this.#answerWhole(rest ?? NOTHING);
    } else if (!this.raw.headersSent) {
      refuse(this.raw, dialect, failure, this.call.id);
    } else if (this.#reply instanceof EventStream) {
      // Behind half an event, the error would be taken for its other half.
      this.raw.end((this.#reply.torn ? '\n\n' : '') + dialect.errorEvent(failure, this.call.id));
    } else {
      // Part of a JSON text, or of packed bytes, is out: only a broken connection says that it is not whole.
      this.raw.destroy();
    }
  }

  /** Where no one could tell the model beforehand, the one that the reply names is the one that is billed. */
  #priceOfServed(): ModelPrice | null {
    if (this.call.model !== '' || this.plan.operation.free) return null;
    this.call.model = this.#reply?.servedModel() ?? '';
    const price = this.services.prices.find(this.call.provider, this.call.model, this.call.startedAt);
    if (price !== null) this.call.priceVersion = price.version;
    return price;
  }

  /** Null where the provider bills nothing: the call is free, it was not reached, or it answered with an error. */
  #seen(): Seen | null {
    const { operation, inputEstimate, outputBound } = this.plan;
    if (this.#unsent || this.#upstreamStatus >= 400 || operation.free) return null;
    const reply = this.#reply?.seen() ?? null;
    if (this.#reply?.failed === true && (reply === null || reply.events === 0)) return null;
    return { input: inputEstimate, reply, outputBound };
  }

  #answerWhole(body: Buffer): void {
    const fields = this.#fields();
    fields.push('x-oco-cost-usd', toExactUsd(this.call.cost));
    answerWhole(this.raw, this.call.status, fields, body);
  }

  #fields(): string[] {
    const { waitedMs, maxOutput, remaining, allowances, operation } = this.plan;
    const overheadMs = this.#sentMs - this.call.startedMs - waitedMs + (performance.now() - this.#heardMs);
    this.services.metrics.overheadSeconds.observe(overheadMs / 1_000);
    const fields = this.#headers;
    fields.push('x-oco-request-id', this.call.id, 'x-oco-model', this.call.model);
    fields.push('x-oco-overhead-us', String(Math.round(overheadMs * 1_000)));
    if (remaining !== null) fields.push('x-oco-budget-remaining-usd', this.#remaining(remaining));
    if (waitedMs > 0) fields.push(WAIT_HEADER, String(Math.ceil(waitedMs)));
    if (maxOutput !== null) fields.push('x-oco-max-output-tokens', String(maxOutput));
    if (allowances !== null) fields.push(...operation.dialect.limitHeaders(allowances));
    return fields;
  }

  #remaining(remaining: NanoUsd): string {
    // What the call did not need is given back, once that is known.
    const unused = this.#over ? this.call.bound - toNanoUsd(this.call.cost) : 0;
    return toExactUsd(toPicoUsd(nanoUsd(Math.max(remaining + unused, 0))));
  }
}
