import { Decimal } from 'decimal.js';

/** Wide enough for any sum of `numeric` values that bills hold; decimal.js rounds to 20 digits by default. */
export const Amount = Decimal.clone({ precision: 80, toExpNeg: -1_000, toExpPos: 1_000 });
/** Exact money, in a currency that stands beside it. */
export type Amount = InstanceType<typeof Amount>;
