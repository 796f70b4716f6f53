import type { Clock, Instant } from '../../platform/time.js';
import { nanoUsd } from '../pricing/money.js';
import type { Budget, BudgetState } from './budget-gate.js';
import type { Spending } from './spending.js';
import type { CurrentWindows } from './current-windows.js';
import type { Window } from './window.pure.js';

/** One window of one budget. Outlives the window as long as a reservation holds it. */
export class Counter {
  reserved = 0;

  constructor(
    readonly budgetId: string,
    readonly window: Window,
    /** Which definition of the budget's windows this one comes from. */
    readonly countedSince: Instant,
    public settled: number,
  ) {}

  state(): BudgetState {
    return {
      settled: nanoUsd(this.settled),
      reserved: nanoUsd(this.reserved),
      windowStart: this.window.start,
      resetsAt: this.window.end,
    };
  }
}

/** Adds to a counter that is about to begin what the calls hold of it that are running. */
type Join = (budget: Budget, counter: Counter) => void;

/**
 * The current window of each budget, in memory: one counter per budget that exists. Windows only move forward: where
 * the clock is set back across a window's edge, the later window goes on, as the earlier one's counter is gone.
 */
export class WindowCounters {
  private readonly counters = new Map<string, Counter>();
  private readonly seedings = new Map<string, Promise<Counter | null>>();
  private readonly countingSince: Instant;

  constructor(
    clock: Clock,
    private readonly windows: CurrentWindows,
    private readonly spending: Spending,
    private readonly join: Join,
  ) {
    this.countingSince = clock.now();
  }

  /** @returns null where something may have been spent before the counting began: see {@link seed} */
  find(budget: Budget): Counter | null {
    const window = this.windows.of(budget);
    const counter = this.counters.get(budget.id);
    if (counter?.countedSince === budget.countedSince && counter.window.start >= window.start) return counter;
    if (window.start < Math.max(this.countingSince, budget.countedSince)) return null;
    return this.put(new Counter(budget.id, window, budget.countedSince, 0));
  }

  /** Begins a counter with what the ledger knows. @returns null while it cannot be read */
  seed(budget: Budget): Promise<Counter | null> {
    const window = this.windows.of(budget);
    // All who wait for the same reading must get the same counter, or they would count apart.
    const key = `${budget.id}:${budget.countedSince}:${window.start}`;
    let seeding = this.seedings.get(key);
    if (!seeding) {
      seeding = this.begin(budget, window).finally(() => this.seedings.delete(key));
      this.seedings.set(key, seeding);
    }
    return seeding;
  }

  /** Forgets the budgets that are gone. */
  sweep(isKnown: (budgetId: string) => boolean): void {
    for (const id of this.counters.keys()) if (!isKnown(id)) this.counters.delete(id);
  }

  private async begin(budget: Budget, window: Window): Promise<Counter | null> {
    const counter = new Counter(budget.id, window, budget.countedSince, 0);
    // Before the reading: a call that ends meanwhile may be counted twice, but never not at all.
    this.join(budget, counter);
    const spent = await this.spending.since(budget, window.start);
    if (spent === null) return null;
    counter.settled += spent;
    return this.put(counter);
  }

  private put(counter: Counter): Counter {
    this.counters.set(counter.budgetId, counter);
    return counter;
  }
}
