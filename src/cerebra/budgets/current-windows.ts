import type { Clock } from '../../platform/time.js';
import type { Budget } from './budget-gate.js';
import { windowAt, type Window } from './window.pure.js';

/** The window of each budget now, worked out once per window: that takes 100 µs, and every call asks. */
export class CurrentWindows {
  /** Forgets a budget with the object that describes it. */
  private readonly known = new WeakMap<Budget, Window>();

  constructor(private readonly clock: Clock) {}

  of(budget: Budget): Window {
    const now = this.clock.now();
    const known = this.known.get(budget);
    if (known && known.start <= now && (known.end === null || now < known.end)) return known;
    const window = windowAt(budget.period, budget.timeZone, now, budget.createdAt);
    this.known.set(budget, window);
    return window;
  }
}
