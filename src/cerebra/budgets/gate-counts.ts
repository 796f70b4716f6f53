import { rateNames, type RateName } from '../limits/rate-limits.js';
import { scopes, type Admission, type Scope } from './budget-gate.js';

/** Where the counters of the budgets are; `away`: in a Redis that does not answer now. */
export type StoreMode = 'memory' | 'redis' | 'away';

/** Plain numbers that the gate counts up; Prometheus reads them when it asks, so that a call pays for no label map. */
export class GateCounts {
  mode: () => StoreMode = () => 'memory';
  readonly refusals: Record<Scope, number> = {
    agent: 0,
    team: 0,
    user: 0,
    org: 0,
    key: 0,
    model: 0,
    provider: 0,
    tag: 0,
  };
  readonly shortages: Record<RateName, number> = { requests: 0, tokens: 0, parallel: 0 };
  /** Calls that wait now for others to settle. */
  waiting: () => number = () => 0;
  /** Told how long a call waited. */
  waited: (seconds: number) => void = () => undefined;
  /** Calls that cost more than their bound. Stays 0 unless a bound was no bound. */
  overshoots = 0;
  /** Reservations that nobody settled or renewed, charged at their bound by the sweeper. */
  lost = 0;
  /** Settlements that failed, or that the queue had no room for while the store was away; the sweeper charges their bounds. */
  dropped = 0;

  /** Counts an answer of the gate, and hands it on. */
  tally(admission: Admission | Promise<Admission>): Admission | Promise<Admission> {
    return admission instanceof Promise ? admission.then((answered) => this.count(answered)) : this.count(admission);
  }

  refused(): readonly (readonly [Scope, number])[] {
    return scopes.map((scope) => [scope, this.refusals[scope]]);
  }

  limited(): readonly (readonly [RateName, number])[] {
    return rateNames.map((name) => [name, this.shortages[name]]);
  }

  private count(admission: Admission): Admission {
    if (admission.kind === 'refused') this.refusals[admission.by.scope] += 1;
    else if (admission.kind === 'limited') this.shortages[admission.shortage.by] += 1;
    if (admission.waitedMs > 0) this.waited(admission.waitedMs / 1_000);
    return admission;
  }
}
