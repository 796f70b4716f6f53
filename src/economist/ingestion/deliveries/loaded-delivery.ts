import type { RowCounts } from '../runs/run.js';
import type { DeliveredSlice } from '../swap/swap-plan.pure.js';

/** A delivery of which every part is staged. */
export interface LoadedDelivery {
  readonly key: string;
  /** Null: that its content is another one cannot be told beforehand. */
  readonly fingerprint: Buffer | null;
  readonly wholeMonths: readonly string[];
  readonly counts: RowCounts;
  readonly slices: readonly DeliveredSlice[];
  /** Where the accepted rows wait. */
  readonly tables: readonly string[];
}
