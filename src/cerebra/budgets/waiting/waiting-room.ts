import type { Admission, Budget, BudgetState, Claim, Verdict } from '../budget-gate.js';
import { WaitingQueue, type WaitingCall } from './waiting-queue.js';

/** Those who wait for one budget, and all who wait; each holds the body of its request. Who comes later is refused. */
const QUEUE_MAX = 1_000;
const ROOM_MAX = 5_000;
/** How often, while anybody waits, it is looked whether time is up, a client has left or nobody asked for a while. */
const TICK_MS = 25;

/** An answer of the counters: a verdict, or that `by` is full of what others hold. */
export type Attempt = Verdict | { readonly kind: 'full'; readonly by: Budget; readonly state: BudgetState };

export interface Asking {
  /** The budget that earlier calls wait for: nothing may be taken before them. */
  readonly behind: Budget | null;
  /** Calls among which a budget is shared out that cannot pay for all of what they ask. */
  readonly sharers: number;
}

/** Asks the counters, in one atomic step. */
export type Ask = (claim: Claim, asking: Asking) => Attempt | Promise<Attempt>;

export interface WaitingTimes {
  /** So long a call waits at most; 0: not at all. */
  readonly waitMs: number;
  /** A queue that no wake-up reached asks by itself: windows end and messages get lost. */
  readonly pollMs: number;
}

const ALONE: Asking = Object.freeze({ behind: null, sharers: 1 });

/**
 * Where calls wait that their budgets can pay for once others have settled. A call stands in the queue of the one
 * budget that is in its way, so that it blocks nobody who does not need that one.
 */
export class WaitingRoom {
  private readonly queues = new Map<string, WaitingQueue>();
  private arrivals = 0;
  private waiting = 0;
  private timer: NodeJS.Timeout | null = null;
  private closed = false;

  constructor(
    private readonly ask: Ask,
    private readonly times: WaitingTimes,
  ) {}

  get size(): number {
    return this.waiting;
  }

  admit(claim: Claim): Admission | Promise<Admission> {
    this.arrivals += 1;
    const arrival = this.arrivals;
    const attempt = this.ask(claim, this.waiting === 0 ? ALONE : this.askingOf(claim, arrival));
    if (!(attempt instanceof Promise)) return this.orWait(claim, arrival, attempt);
    return attempt.then((answered) => this.orWait(claim, arrival, answered));
  }

  /** The budget has got room. */
  wake(budgetId: string): void {
    const queue = this.queues.get(budgetId);
    if (queue) void this.advance(budgetId, queue);
  }

  /** Refuses all who wait and all who would. */
  close(): void {
    this.closed = true;
    for (const queue of this.queues.values()) {
      for (const call of queue.all()) if (!call.trying) this.answer(queue, call, refusal(call));
    }
    if (this.waiting === 0) this.rest();
  }

  private orWait(claim: Claim, arrival: number, attempt: Attempt): Admission | Promise<Admission> {
    if (attempt.kind !== 'full') return { ...attempt, waitedMs: 0 };
    const { by, state } = attempt;
    if (claim.abandoned()) return { kind: 'abandoned', waitedMs: 0 };
    const queued = this.queues.get(by.id)?.size ?? 0;
    if (this.times.waitMs === 0 || this.closed || queued >= QUEUE_MAX || this.waiting >= ROOM_MAX) {
      return { kind: 'refused', by, state, waitedMs: 0 };
    }
    return new Promise((answer, fail) => {
      this.waiting += 1;
      this.enqueue({ claim, arrival, since: performance.now(), by, state, trying: false, answer, fail });
      this.timer ??= setInterval(() => this.tick(), TICK_MS).unref();
    });
  }

  private enqueue(call: WaitingCall): void {
    const queue = this.queues.get(call.by.id) ?? new WaitingQueue();
    this.queues.set(call.by.id, queue);
    queue.add(call);
  }

  private tick(): void {
    const now = performance.now();
    for (const [budgetId, queue] of this.queues) {
      for (const call of queue.all()) this.checkTime(queue, call, now);
      if (now - queue.askedAt >= this.times.pollMs) void this.advance(budgetId, queue);
      else this.forgetIfEmpty(budgetId, queue);
    }
  }

  private checkTime(queue: WaitingQueue, call: WaitingCall, now: number): void {
    if (call.trying) return;
    if (call.claim.abandoned()) this.answer(queue, call, { kind: 'abandoned' });
    else if (now - call.since >= this.times.waitMs) this.answer(queue, call, refusal(call));
  }

  private async advance(budgetId: string, queue: WaitingQueue): Promise<void> {
    queue.again = true;
    if (queue.advancing) return;
    queue.advancing = true;
    while (queue.again) {
      queue.again = false;
      while (await this.tryFirst(queue));
    }
    queue.advancing = false;
    this.forgetIfEmpty(budgetId, queue);
  }

  private forgetIfEmpty(budgetId: string, queue: WaitingQueue): void {
    if (queue.size === 0 && !queue.advancing) this.queues.delete(budgetId);
    if (this.waiting === 0) this.rest();
  }

  /** @returns whether the next one may try too */
  private async tryFirst(queue: WaitingQueue): Promise<boolean> {
    const call = queue.first();
    if (!call) return false;
    const attempt = await this.askAgain(queue, call);
    if (attempt === null) return true;
    if (attempt.kind !== 'full') {
      this.answer(queue, call, attempt);
      return true;
    }
    const moves = attempt.by.id !== call.by.id;
    if (moves) queue.delete(call);
    call.by = attempt.by;
    call.state = attempt.state;
    if (moves) this.enqueue(call);
    return moves;
  }

  /** @returns null where it could not be asked, which is an answer too */
  private async askAgain(queue: WaitingQueue, call: WaitingCall): Promise<Attempt | null> {
    call.trying = true;
    queue.askedAt = performance.now();
    try {
      return await this.ask(call.claim, this.askingOf(call.claim, call.arrival));
    } catch (error) {
      queue.delete(call);
      this.waiting -= 1;
      call.fail(error);
      return null;
    } finally {
      call.trying = false;
    }
  }

  private answer(queue: WaitingQueue, call: WaitingCall, verdict: Verdict): void {
    queue.delete(call);
    this.waiting -= 1;
    call.answer({ ...verdict, waitedMs: performance.now() - call.since });
  }

  private askingOf({ budgets }: Claim, arrival: number): Asking {
    let behind: Budget | null = null;
    let sharers = 1;
    for (const budget of budgets) {
      const queue = this.queues.get(budget.id);
      if (!queue) continue;
      sharers = Math.max(sharers, queue.size);
      if ((queue.first()?.arrival ?? arrival) < arrival) behind ??= budget;
    }
    return { behind, sharers };
  }

  private rest(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }
}

const refusal = ({ by, state }: WaitingCall): Verdict => ({ kind: 'refused', by, state });
