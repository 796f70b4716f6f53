import type { RunSlice } from '../runs/run.js';
import { sliceName, type DeliveredSlice } from './swap-plan.pure.js';

/** What a run says of a slice. */
export const toldSlice = (
  slice: DeliveredSlice,
  state: RunSlice['state'],
  costs: RunSlice['costs'] = [],
): RunSlice => ({
  key: sliceName(slice),
  billing_account: slice.billingAccount,
  period: slice.billingMonth,
  rows: slice.rows,
  state,
  costs,
});
