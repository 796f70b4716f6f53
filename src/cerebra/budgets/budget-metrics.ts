import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { BudgetGate } from './budget-gate.js';
import { BudgetMap } from './budget-map.js';
import { GateCounts } from './gate-counts.js';

/** Each budget is a series of its own; those made after so many are left out. */
const SERIES_MAX = 1_000;

const WAIT_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];

/** Copies the gate's plain numbers when Prometheus asks. */
@Injectable()
export class BudgetMetrics implements OnModuleInit {
  constructor(
    @Inject(Registry) private readonly registry: Registry,
    @Inject(GateCounts) private readonly counts: GateCounts,
    @Inject(BudgetMap) private readonly budgets: BudgetMap,
    @Inject(BudgetGate) private readonly gate: BudgetGate,
  ) {}

  onModuleInit(): void {
    const { counts } = this;
    this.count(
      'cerebra_reservation_overshoot_total',
      'Calls that cost more than their bound.',
      () => counts.overshoots,
    );
    this.count(
      'cerebra_reservations_lost_total',
      'Reservations charged at their bound by the sweeper.',
      () => counts.lost,
    );
    this.count(
      'cerebra_settlements_dropped_total',
      'Settlements that failed or that the queue had no room for.',
      () => counts.dropped,
    );
    this.countRefusals();
    this.countShortages();
    this.showWaiting();
    this.showMode();
    this.showRemaining();
  }

  private count(name: string, help: string, read: () => number): void {
    const counter = new Counter({
      name,
      help,
      registers: [],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
    this.registry.registerMetric(counter);
  }

  private countRefusals(): void {
    const { counts } = this;
    const counter = new Counter({
      name: 'cerebra_budget_refusals_total',
      help: 'Calls that a hard budget could not pay for, by its scope.',
      labelNames: ['scope'],
      registers: [],
      collect() {
        this.reset();
        for (const [scope, count] of counts.refused()) this.inc({ scope }, count);
      },
    });
    this.registry.registerMetric(counter);
  }

  private countShortages(): void {
    const { counts } = this;
    const counter = new Counter({
      name: 'cerebra_rate_limit_refusals_total',
      help: 'Calls that a key had no more room for, by its limit.',
      labelNames: ['limit'],
      registers: [],
      collect() {
        this.reset();
        for (const [limit, count] of counts.limited()) this.inc({ limit }, count);
      },
    });
    this.registry.registerMetric(counter);
  }

  private showWaiting(): void {
    const { counts } = this;
    const seconds = new Histogram({
      name: 'cerebra_budget_wait_seconds',
      help: 'How long calls waited for others to settle; only those that waited.',
      buckets: WAIT_BUCKETS,
      registers: [],
    });
    counts.waited = (waited) => seconds.observe(waited);
    this.registry.registerMetric(seconds);
    const waiting = new Gauge({
      name: 'cerebra_budget_waiting',
      help: 'Calls that wait now for others to settle.',
      registers: [],
      collect() {
        this.set(counts.waiting());
      },
    });
    this.registry.registerMetric(waiting);
  }

  private showMode(): void {
    const { counts } = this;
    const gauge = new Gauge({
      name: 'cerebra_store_mode',
      help: 'Where budgets are counted: in memory, in Redis, or in a Redis that is away.',
      labelNames: ['mode'],
      registers: [],
      collect() {
        const now = counts.mode();
        for (const mode of ['memory', 'redis', 'away']) this.set({ mode }, mode === now ? 1 : 0);
      },
    });
    this.registry.registerMetric(gauge);
  }

  private showRemaining(): void {
    const { budgets, gate } = this;
    const gauge = new Gauge({
      name: 'cerebra_budget_remaining_ratio',
      help: 'What is neither spent nor reserved, of the limit.',
      labelNames: ['budget', 'scope', 'entity_id', 'period'],
      registers: [],
      async collect() {
        this.reset();
        const shown = budgets
          .all()
          .slice(0, SERIES_MAX)
          .filter(({ limit }) => limit > 0);
        const states = await Promise.allSettled(shown.map((budget) => gate.state(budget)));
        for (const [index, { id, scope, entityId, period, limit }] of shown.entries()) {
          const state = states[index];
          if (state?.status !== 'fulfilled') continue;
          const left = limit - state.value.settled - state.value.reserved;
          this.set({ budget: id, scope, entity_id: entityId, period }, Math.max(0, left / limit));
        }
      },
    });
    this.registry.registerMetric(gauge);
  }
}
