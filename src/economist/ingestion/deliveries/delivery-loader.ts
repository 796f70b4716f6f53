import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { LOGGER } from '../../../platform/tokens.js';
import type { Delivery } from '../../sources/cost-source.js';
import { PART_LOADER, type LoadedPart, type PartLoader } from '../loading/part-loader.js';
import { joinDigests } from '../loading/slice-digest.js';
import { dropStaging } from '../loading/staging.js';
import type { RunContext } from '../runner/run-context.js';
import { reportedPart } from '../runs/reported-part.pure.js';
import { prepareMonths } from '../swap/charge-months.js';
import { SliceSwap } from '../swap/slice-swap.js';
import { identityOf, type DeliveredSlice } from '../swap/swap-plan.pure.js';
import { fingerprintOf } from './fingerprint.js';
import { UnchangedDeliveries } from './unchanged-deliveries.js';

/** One delivery from the source into the ledger. */
@Injectable()
export class DeliveryLoader {
  constructor(
    @Inject(PART_LOADER) private readonly loader: PartLoader,
    @Inject(UnchangedDeliveries) private readonly unchanged: UnchangedDeliveries,
    @Inject(SliceSwap) private readonly slices: SliceSwap,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Reads it, unless it is known, and swaps its slices in. Until then the ledger is as it was. */
  async bring(context: RunContext, delivery: Delivery): Promise<void> {
    const fingerprint = await fingerprintOf(delivery, context.signal);
    if (fingerprint !== null && (await this.unchanged.pass(context, delivery, fingerprint))) return;
    const parts: LoadedPart[] = [];
    for (const part of delivery.parts) {
      const key = reportedPart(delivery.key, part.name);
      const loaded = await this.loader.load(
        { runId: context.run.id, key, part },
        { signal: context.signal, onProgress: ({ rows, bytes }) => context.meter.reading(rows, bytes) },
      );
      context.meter.pass(loaded.accepted + loaded.rejected, part.kind === 'file' ? (part.bytes ?? 0) : 0);
      parts.push(loaded);
    }
    const tables = parts.map(({ table }) => table);
    await prepareMonths(this.dataSource, tables, this.log);
    await this.slices.swap(context, {
      key: delivery.key,
      fingerprint,
      wholeMonths: delivery.wholeMonths,
      counts: {
        accepted: sum(parts, ({ accepted }) => accepted),
        repaired: sum(parts, ({ repaired }) => repaired),
        rejected: sum(parts, ({ rejected }) => rejected),
      },
      slices: slicesOfAll(parts),
      tables,
    });
    await dropStaging(context.connection.manager, context.run.id);
  }
}

const sum = (parts: readonly LoadedPart[], count: (part: LoadedPart) => number): number =>
  parts.reduce((total, part) => total + count(part), 0);

/** A slice can be spread over several parts. */
function slicesOfAll(parts: readonly LoadedPart[]): DeliveredSlice[] {
  const pieces = Map.groupBy(
    parts.flatMap(({ slices }) => slices),
    identityOf,
  );
  return [...pieces.values()].flatMap((slices) => {
    const [first] = slices;
    if (first === undefined) return [];
    const rows = slices.reduce((total, slice) => total + slice.rows, 0);
    return [{ ...first, rows, digest: joinDigests(slices.map(({ digest }) => digest)) }];
  });
}
