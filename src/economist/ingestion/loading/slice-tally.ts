import { AppError } from '../../../platform/errors/app-error.js';
import { economistErrors } from '../../economist.errors.js';
import type { LoadedSlice } from './part-loader.js';
import { SliceDigest } from './slice-digest.js';

/** Billing accounts × months in one part; the largest resellers have some tens of thousands. */
const MOST_SLICES = 100_000;

interface Tally {
  readonly billingAccount: string | null;
  readonly billingMonth: string;
  readonly digest: SliceDigest;
  rows: number;
}

/** Counts and digests the accepted rows of a part, by slice. */
export class SliceTally {
  readonly #slices = new Map<string, Tally>();
  /** Rows of a slice mostly stand together. */
  #last: { readonly account: Buffer; readonly month: number; readonly tally: Tally } | null = null;

  /**
   * @param row all that is stored of it
   * @param account the bytes of its billing account; null where it has none
   * @param month months since the epoch
   */
  add(row: Buffer, account: Buffer | null, month: number): void {
    const tally = this.#tally(account, month);
    tally.rows += 1;
    tally.digest.add(row);
  }

  all(): LoadedSlice[] {
    return [...this.#slices.values()].map(({ digest, ...slice }) => ({ ...slice, digest: digest.toString() }));
  }

  #tally(account: Buffer | null, month: number): Tally {
    const last = this.#last;
    if (last !== null && last.month === month && account !== null && last.account.equals(account)) return last.tally;
    const billingAccount = account?.toString() ?? null;
    const key = `${month} ${billingAccount === null ? '' : `=${billingAccount}`}`;
    const tally = this.#slices.get(key) ?? this.#open(key, billingAccount, month);
    this.#last = account === null ? null : { account: Buffer.from(account), month, tally };
    return tally;
  }

  #open(key: string, billingAccount: string | null, month: number): Tally {
    if (this.#slices.size >= MOST_SLICES) {
      const message = `The file has more than ${MOST_SLICES} billing accounts and months. Import it in parts.`;
      throw new AppError(economistErrors.fileOutOfBounds, message);
    }
    const billingMonth = new Date(Date.UTC(1970, month)).toISOString().slice(0, 7);
    const tally = { billingAccount, billingMonth, digest: new SliceDigest(), rows: 0 };
    this.#slices.set(key, tally);
    return tally;
  }
}
