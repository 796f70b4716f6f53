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

/** The current window of each budget, in memory. At most one counter per budget; ended ones are swept. */
export class WindowCounters {
  private readonly counters = new Map<string, Counter>();
  private readonly countingSince: Instant;

  constructor(
    clock: Clock,
    private readonly windows: CurrentWindows,
    private readonly spending: Spending,
  ) {
    this.countingSince = clock.now();
  }

  /** @returns null where something may have been spent before the counting began: see {@link seed} */
  find(budget: Budget): Counter | null {
    const window = this.windows.of(budget);
    const known = this.known(budget, window);
    if (known) return known;
    if (window.start < Math.max(this.countingSince, budget.countedSince)) return null;
    return this.put(budget, window, 0);
  }

  /** Begins a counter with what the ledger knows. @returns null while it cannot be read */
  async seed(budget: Budget): Promise<Counter | null> {
    const window = this.windows.of(budget);
    const spent = await this.spending.since(budget, window.start);
    if (spent === null) return null;
    // All who waited for the same reading must get the same counter, or they would count apart.
    return this.known(budget, window) ?? this.put(budget, window, spent);
  }

  /** Forgets the windows that are over and the budgets that are gone. */
  sweep(now: Instant, isKnown: (budgetId: string) => boolean): void {
    for (const [id, counter] of this.counters) {
      if ((counter.window.end !== null && counter.window.end <= now) || !isKnown(id)) this.counters.delete(id);
    }
  }

  private known(budget: Budget, { start }: Window): Counter | null {
    const counter = this.counters.get(budget.id);
    return counter?.countedSince === budget.countedSince && counter.window.start === start ? counter : null;
  }

  private put(budget: Budget, window: Window, settled: number): Counter {
    const counter = new Counter(budget.id, window, budget.countedSince, settled);
    this.counters.set(budget.id, counter);
    return counter;
  }
}
