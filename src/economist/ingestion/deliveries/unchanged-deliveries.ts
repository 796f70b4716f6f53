import { Inject, Injectable } from '@nestjs/common';
import type { Delivery } from '../../sources/cost-source.js';
import type { RunContext } from '../runner/run-context.js';
import { RunWork } from '../runner/run-work.repository.js';
import { ReportedRows } from '../runs/reported-rows.repository.js';
import { costsOf, slicesOf } from '../swap/stored-slices.js';
import { planSwap } from '../swap/swap-plan.pure.js';
import { toldSlice } from '../swap/told-slice.pure.js';
import { KnownDeliveries } from './known-deliveries.repository.js';

/** Passes over what has been read already and still stands in the ledger as it was read. */
@Injectable()
export class UnchangedDeliveries {
  constructor(
    @Inject(KnownDeliveries) private readonly deliveries: KnownDeliveries,
    @Inject(ReportedRows) private readonly reports: ReportedRows,
    @Inject(RunWork) private readonly work: RunWork,
  ) {}

  /** @returns false where it has to be read; otherwise the run has been told all that reading it would have told */
  async pass({ run, connection, meter, now }: RunContext, delivery: Delivery, fingerprint: Buffer): Promise<boolean> {
    const known = await this.deliveries.find(run.sourceId, delivery.key, fingerprint);
    if (known === null) return false;
    const months = new Set([...known.slices.map(({ billingMonth }) => billingMonth), ...delivery.wholeMonths]);
    const stored = await slicesOf(connection.manager, run.sourceId, [...months]);
    const { unchanged, ...changes } = planSwap(stored, known.slices, delivery.wholeMonths);
    if (Object.values(changes).some((slices) => slices.length > 0)) return false;
    await connection.manager.transaction(async (manager) => {
      const ids = unchanged.map(({ id }) => id);
      const costs = await costsOf(manager, ids);
      const slices = unchanged.map((slice) => toldSlice(slice, 'unchanged', costs.get(slice.id)));
      await this.work.noteDelivery(manager, run.id, { key: delivery.key, counts: known.counts, slices });
      if (known.runId !== run.id) await this.reports.repeat(manager, delivery.key, known.runId, run.id);
      await this.deliveries.noteSeen(manager, run, delivery.key, new Date(now()));
    });
    const bytes = delivery.parts.reduce((sum, part) => sum + (part.kind === 'file' ? (part.bytes ?? 0) : 0), 0);
    meter.pass(known.counts.accepted + known.counts.rejected, bytes);
    return true;
  }
}
