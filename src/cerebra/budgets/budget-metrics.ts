import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { BudgetGate } from './budget-gate.js';
import { BudgetMap } from './budget-map.js';
import { GateCounts } from './gate-counts.js';

/** Each budget is a series of its own; those made after so many are left out. */
const SERIES_MAX = 1_000;

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
    this.count('cerebra_settlements_dropped_total', 'Settlements the queue had no room for.', () => counts.dropped);
    this.countRefusals();
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
