import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { BudgetGate, LEASE_MS, type Reservation } from '../budgets/budget-gate.js';
import type { Call } from './call.js';

/** A call that has been sent and is not over. */
export interface RunningCall {
  readonly call: Call;
  /** Called now and then, for what has no timer of its own. */
  check(nowMs: number): void;
  /** The process stops: ends it in a way that no client takes for a whole reply. */
  breakOff(): void;
}

/** All running calls: keeps the leases of their reservations alive, and ends them when the process stops. */
@Injectable()
export class ActiveCalls implements OnModuleInit, OnModuleDestroy {
  /** No larger than the number of clients' connections. */
  readonly #running = new Set<RunningCall>();
  #timer: NodeJS.Timeout | null = null;
  #stopping = false;

  constructor(@Inject(BudgetGate) private readonly gate: BudgetGate) {}

  onModuleInit(): void {
    this.#timer = setInterval(() => this.#check(), LEASE_MS / 3);
    this.#timer.unref();
  }

  /** The host calls this when the time for calls to finish by themselves is over. */
  onModuleDestroy(): void {
    this.#stopping = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    for (const running of this.#running) running.breakOff();
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  get size(): number {
    return this.#running.size;
  }

  add(running: RunningCall): void {
    this.#running.add(running);
  }

  delete(running: RunningCall): void {
    this.#running.delete(running);
  }

  #check(): void {
    const reservations: Reservation[] = [];
    const now = performance.now();
    for (const running of this.#running) {
      if (running.call.reservation !== null) reservations.push(running.call.reservation);
      running.check(now);
    }
    if (reservations.length > 0) this.gate.renew(reservations);
  }
}
