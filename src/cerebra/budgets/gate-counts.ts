import { scopes, type Scope } from './budget-gate.js';

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
  /** Calls that cost more than their bound. Stays 0 unless a bound was no bound. */
  overshoots = 0;
  /** Reservations that nobody settled or renewed, charged at their bound by the sweeper. */
  lost = 0;
  /** Settlements that did not fit into the queue while the store was away; the sweeper charges their bounds. */
  dropped = 0;

  refused(): readonly (readonly [Scope, number])[] {
    return scopes.map((scope) => [scope, this.refusals[scope]]);
  }
}
