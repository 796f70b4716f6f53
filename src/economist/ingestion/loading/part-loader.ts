import type { Part } from '../../sources/cost-source.js';

/** {@link PartLoader}, for injection. */
export const PART_LOADER = Symbol('PART_LOADER');

export interface PartToLoad {
  readonly runId: string;
  /** Unlike that of any other part of the run, and the same when the run is resumed; rejected rows carry it. */
  readonly key: string;
  readonly part: Part;
}

export interface LoadProgress {
  /** Data rows read so far, rejected ones too. */
  readonly rows: number;
  /** Read so far, as the file was delivered (packed); 0 for rows of an API. */
  readonly bytes: number;
}

export interface LoadWatch {
  /** Ends the load; nothing of the part stays behind. */
  readonly signal: AbortSignal;
  /** A few times a second at most. */
  onProgress(progress: LoadProgress): void;
}

/** What one part says of one slice. */
export interface LoadedSlice {
  readonly billingAccount: string | null;
  /** `YYYY-MM`. */
  readonly billingMonth: string;
  readonly rows: number;
  /** 64 hex digits, whatever the order of the rows; those of several parts are joined by `joinDigests`. */
  readonly digest: string;
}

export interface LoadedPart {
  /** Holds the accepted rows until it is dropped; see `staging.ts`. */
  readonly table: string;
  /** Rows that became charges, repaired ones included. */
  readonly accepted: number;
  readonly repaired: number;
  readonly rejected: number;
  readonly slices: readonly LoadedSlice[];
}

/** Reads a part, checks and normalises its rows, and stages them. */
export interface PartLoader {
  /**
   * All or nothing: what an earlier attempt had staged of this part is replaced, in one transaction.
   * @throws {AppError} where the file cannot be read at all; single rows that cannot are counted and kept as rejected
   * @throws the signal's reason once it is aborted
   */
  load(part: PartToLoad, watch: LoadWatch): Promise<LoadedPart>;
}
