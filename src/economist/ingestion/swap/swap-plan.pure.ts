/** A slice of the ledger. */
export interface StoredSlice {
  readonly id: string;
  readonly billingAccount: string | null;
  /** `YYYY-MM`. */
  readonly billingMonth: string;
  readonly digest: string;
  readonly rows: number;
}

/** A slice as a delivery has it. */
export type DeliveredSlice = Omit<StoredSlice, 'id'>;

/** What a delivery does to the slices of its source. */
export interface SwapPlan {
  readonly added: readonly DeliveredSlice[];
  readonly replaced: readonly { readonly old: StoredSlice; readonly slice: DeliveredSlice }[];
  readonly unchanged: readonly StoredSlice[];
  /** In months of which the delivery is all that the source has, and not in it. */
  readonly gone: readonly StoredSlice[];
}

type Identity = Pick<DeliveredSlice, 'billingAccount' | 'billingMonth'>;

/** For people. */
export const sliceName = ({ billingAccount, billingMonth }: Identity): string =>
  `${billingAccount ?? '(none)'}/${billingMonth}`;

/** For look-ups: an account that is called `(none)` is another one than none. */
export const identityOf = ({ billingAccount, billingMonth }: Identity): string =>
  JSON.stringify([billingAccount, billingMonth]);

/** @param wholeMonths `YYYY-MM`, of which the delivery is all that the source has */
export function planSwap(
  stored: readonly StoredSlice[],
  delivered: readonly DeliveredSlice[],
  wholeMonths: readonly string[],
): SwapPlan {
  const known = new Map(stored.map((slice) => [identityOf(slice), slice]));
  const added: DeliveredSlice[] = [];
  const replaced: { old: StoredSlice; slice: DeliveredSlice }[] = [];
  const unchanged: StoredSlice[] = [];
  for (const slice of delivered) {
    const old = known.get(identityOf(slice));
    known.delete(identityOf(slice));
    if (old === undefined) added.push(slice);
    else if (old.digest === slice.digest) unchanged.push(old);
    else replaced.push({ old, slice });
  }
  const gone = [...known.values()].filter(({ billingMonth }) => wholeMonths.includes(billingMonth));
  return { added, replaced, unchanged, gone };
}
