import type { Admission, Budget, BudgetState, Claim } from '../budget-gate.js';

/** A call that the budget can pay for once others have settled. */
export interface WaitingCall {
  readonly claim: Claim;
  /** Earlier calls have lower numbers. */
  readonly arrival: number;
  /** Monotonic, in milliseconds. */
  readonly since: number;
  /** The budget in its way, as it was when last asked. */
  by: Budget;
  state: BudgetState;
  /** It is being asked for just now, and will be answered by that. */
  trying: boolean;
  readonly answer: (admission: Admission) => void;
  readonly fail: (error: unknown) => void;
}

/** Those who wait for one budget, in order of arrival. Bounded by who lets them in. */
export class WaitingQueue {
  private readonly calls: WaitingCall[] = [];
  /** One asks at a time, so that nobody overtakes. */
  advancing = false;
  /** The budget got room while one was asking. */
  again = false;
  /** Monotonic, in milliseconds. */
  askedAt = 0;

  get size(): number {
    return this.calls.length;
  }

  first(): WaitingCall | undefined {
    return this.calls[0];
  }

  all(): readonly WaitingCall[] {
    return [...this.calls];
  }

  /** One that waited for another budget before may have come earlier than those who stand here. */
  add(call: WaitingCall): void {
    let at = this.calls.length;
    while (at > 0 && (this.calls[at - 1]?.arrival ?? 0) > call.arrival) at -= 1;
    this.calls.splice(at, 0, call);
  }

  delete(call: WaitingCall): void {
    const at = this.calls.indexOf(call);
    if (at !== -1) this.calls.splice(at, 1);
  }
}
