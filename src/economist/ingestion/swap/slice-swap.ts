import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { addToRollups } from '../../charges/rollups.js';
import { dropSlices } from '../../charges/slices.js';
import { noteRestatements } from '../restatements/note-restatements.js';
import { RunWork } from '../runner/run-work.repository.js';
import type { RunContext } from '../runner/run-context.js';
import type { RunSlice } from '../runs/run.js';
import { KnownDeliveries } from '../deliveries/known-deliveries.repository.js';
import type { LoadedDelivery } from '../deliveries/loaded-delivery.js';
import { insertCharges } from './staged-charges.js';
import { costsOf, insertSlices, slicesOf, type SliceCost } from './stored-slices.js';
import { identityOf, planSwap, type DeliveredSlice, type SwapPlan } from './swap-plan.pure.js';
import { toldSlice } from './told-slice.pure.js';

type Costs = ReadonlyMap<string, SliceCost[]>;

/** Old slices out, new slices in, their sums, what was restated, and the run's own record: all of it or nothing. */
@Injectable()
export class SliceSwap {
  constructor(
    @Inject(RunWork) private readonly work: RunWork,
    @Inject(KnownDeliveries) private readonly deliveries: KnownDeliveries,
  ) {}

  /**
   * On the connection that holds the source's lock, so that a worker that has lost it can change nothing.
   * @throws the signal's reason where it is aborted before the end
   */
  swap({ run, connection, signal, now }: RunContext, delivery: LoadedDelivery): Promise<void> {
    const at = new Date(now());
    const months = [...new Set([...delivery.slices.map((slice) => slice.billingMonth), ...delivery.wholeMonths])];
    return connection.manager.transaction(async (manager) => {
      await allowTime(manager);
      const stored = await slicesOf(manager, run.sourceId, months);
      const plan = planSwap(stored, delivery.slices, delivery.wholeMonths);
      const before = await costsOf(
        manager,
        stored.map(({ id }) => id),
      );
      const out = [...plan.replaced.map(({ old }) => old), ...plan.gone];
      await dropSlices(
        manager,
        out.map(({ id }) => id),
      );
      const incoming = [...plan.added, ...plan.replaced.map(({ slice }) => slice)];
      const after = await bringIn(manager, run.sourceId, delivery.tables, incoming, at);
      await noteRestatements(manager, changedBy(plan, before, after), { id: run.id, sourceId: run.sourceId, at });
      const slices = told(plan, before, after);
      await this.work.noteDelivery(manager, run.id, { key: delivery.key, counts: delivery.counts, slices });
      await this.deliveries.remember(manager, run, delivery, at);
      signal.throwIfAborted();
    });
  }
}

/** A month of millions of charges takes longer than a query of the API may; sorting them, more memory than its. */
async function allowTime(manager: EntityManager): Promise<void> {
  await manager.query('SET LOCAL statement_timeout = 0');
  await manager.query(`SET LOCAL work_mem = '64MB'`);
}

/** @returns what the slices cost, by their identity */
async function bringIn(
  manager: EntityManager,
  sourceId: string,
  tables: readonly string[],
  slices: readonly DeliveredSlice[],
  at: Date,
): Promise<Costs> {
  if (slices.length === 0) return new Map();
  const ids = await insertSlices(manager, sourceId, slices, at);
  const all = [...ids.values()];
  await insertCharges(manager, tables, all);
  await addToRollups(manager, all, sourceId);
  const costs = await costsOf(manager, all);
  return new Map([...ids].map(([identity, id]) => [identity, costs.get(id) ?? []]));
}

const changedBy = (plan: SwapPlan, before: Costs, after: Costs) => [
  ...plan.replaced.map(({ old }) => ({
    ...old,
    before: before.get(old.id) ?? [],
    after: after.get(identityOf(old)) ?? [],
  })),
  ...plan.gone.map((old) => ({ ...old, before: before.get(old.id) ?? [], after: [] })),
];

function told(plan: SwapPlan, before: Costs, after: Costs): RunSlice[] {
  return [
    ...plan.added.map((slice) => toldSlice(slice, 'new', after.get(identityOf(slice)))),
    ...plan.replaced.map(({ slice }) => toldSlice(slice, 'replaced', after.get(identityOf(slice)))),
    ...plan.unchanged.map((slice) => toldSlice(slice, 'unchanged', before.get(slice.id))),
    ...plan.gone.map((slice) => toldSlice({ ...slice, rows: 0 }, 'replaced')),
  ];
}
