import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Roll, type Enrolled } from '../../platform/collections/roll.js';
import { OVERDUE } from '../../platform/http/overdue.js';
import { BudgetGate, LEASE_MS, type Reservation } from '../budgets/budget-gate.js';
import type { Call } from './call.js';

/** A call that has been sent and is not over. */
export interface RunningCall extends Enrolled {
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
  readonly #running = new Roll<RunningCall>();
  #timer: NodeJS.Timeout | null = null;
  #stopping = false;

  constructor(
    @Inject(BudgetGate) private readonly gate: BudgetGate,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    this.#timer = setInterval(() => this.#check(), LEASE_MS / 3);
    this.#timer.unref();
    const { server } = this.host.httpAdapter.getInstance<FastifyInstance>();
    server.once(OVERDUE, () => this.#breakOffAll());
  }

  onModuleDestroy(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#breakOffAll();
  }

  /** The time for calls to end by themselves is over. */
  get stopping(): boolean {
    return this.#stopping;
  }

  add(running: RunningCall): void {
    this.#running.add(running);
  }

  delete(running: RunningCall): void {
    this.#running.delete(running);
  }

  #breakOffAll(): void {
    this.#stopping = true;
    this.gate.dismiss();
    for (const running of this.#running) running.breakOff();
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
