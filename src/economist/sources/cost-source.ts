import type { Readable } from 'node:stream';
import type { Instant } from '../../platform/time.js';
import type { FocusName } from '../charges/focus-columns.js';
import type { RowShape } from './row-shape.js';

/** What a source may use while it is asked. One of these lives as long as one run, or one test of the source. */
export interface SourceTools {
  readonly signal: AbortSignal;
  readonly now: Instant;
  /** A folder of the run's own, on disk; it goes when the run ends. */
  readonly folder: string;
  readonly requests: ProviderRequests;
}

/** Counts what is asked of a provider, and waits where it says so. */
export interface ProviderRequests {
  /**
   * Before each request that is sent, repeated ones too.
   * @param usd what the provider charges for it, such as '0.01'
   * @throws {AppError} where the day's cap is reached
   */
  count(usd?: string): void;
  /** Waits as the provider asked, and counts the seconds. @throws when the run is cancelled */
  wait(milliseconds: number): Promise<void>;
}

/** Days on which charges may have changed; start-inclusive, end-exclusive. */
export interface SyncWindow {
  readonly from: Instant;
  readonly to: Instant;
}

export interface SourceCheck {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, or what to do; for a missing permission its name. */
  readonly detail: string;
  readonly latencyMs: number;
}

/** A configured feed. */
export interface CostSource {
  /** Whether it can be reached and read; one check for each thing that can be missing. */
  test(tools: SourceTools): Promise<readonly SourceCheck[]>;
  /** What there is for these days, the oldest first. A delivery that is listed is whole: it can be read now. */
  deliveries(window: SyncWindow, tools: SourceTools): AsyncIterable<Delivery>;
}

/** Parts that belong together: the slices in them are replaced by what all parts say. */
export interface Delivery {
  /** The same for the same thing in the next run, such as `BILLING_PERIOD=2026-03`. */
  readonly key: string;
  /** Changes whenever the content does: one that is known from the last run is not read again. Null: cannot be told. */
  readonly fingerprint: string | null;
  /** Billing months, `YYYY-MM`, of which this is all that the source has: slices it does not mention are gone. */
  readonly wholeMonths: readonly string[];
  readonly parts: readonly Part[];
}

/** A file as the provider wrote it, or rows that were asked of an API. */
export type Part = FilePart | RowsPart;

export interface FilePart {
  readonly kind: 'file';
  /** For progress and for the report of rejected rows. */
  readonly name: string;
  /** Where it is packed with gzip, its first bytes say so. */
  readonly format: 'csv' | 'parquet';
  readonly shape: RowShape;
  /** Packed, where the source tells. */
  readonly bytes: number | null;
  /**
   * From its first byte each time, which can be more than once. A local file gives its path, so that another process
   * reads it; Parquet, which is read from its end, must be one.
   */
  open(): Promise<{ readonly path: string } | { readonly stream: Readable }>;
}

export interface RowsPart {
  readonly kind: 'rows';
  readonly name: string;
  /** In FOCUS terms already, all values as text; each batch is some hundred to thousand rows. */
  batches(): AsyncIterable<readonly FocusRow[]>;
}

/** A row before it is checked: what is absent or null has no value. Own columns start with `x_`. */
export type FocusRow = Readonly<Partial<Record<FocusName | `x_${string}`, string | null>>>;
