import type { FocusRow } from '../../../sources/cost-source.js';
import type { RowShape } from '../../../sources/row-shape.js';
import type { ReadingLimits } from '../../reading/limits.js';
import type { PackedFailure } from '../failure.js';
import type { LoadedPart, LoadProgress } from '../part-loader.js';

/** Where a load's rows come from. What is no local file is asked for, piece by piece. */
export type LoadInput =
  | {
      readonly kind: 'path';
      readonly path: string;
      readonly bytes: number;
      readonly format: 'csv' | 'parquet';
      readonly shape: RowShape;
    }
  | { readonly kind: 'stream'; readonly shape: RowShape }
  | { readonly kind: 'rows' };

export interface LoadJob {
  readonly databaseUrl: string;
  readonly runId: string;
  readonly key: string;
  readonly table: string;
  readonly input: LoadInput;
  readonly limits: ReadingLimits;
}

/** Parent → process. All but `load` answer a `next`. */
export type Order =
  | { readonly kind: 'load'; readonly job: LoadJob }
  | { readonly kind: 'chunk'; readonly bytes: Uint8Array }
  | { readonly kind: 'rows'; readonly rows: readonly FocusRow[] }
  | { readonly kind: 'end' };

/** Process → parent. */
export type Report =
  /** One piece, please: the first one, or the next. As one is asked for at a time, no more is ever under way. */
  | { readonly kind: 'next'; readonly isFirst: boolean }
  | { readonly kind: 'progress'; readonly progress: LoadProgress }
  | { readonly kind: 'loaded'; readonly part: LoadedPart }
  | { readonly kind: 'failed'; readonly failure: PackedFailure };

const kindOf = (message: unknown): unknown =>
  typeof message === 'object' && message !== null && 'kind' in message ? message.kind : undefined;

const orders: readonly unknown[] = ['load', 'chunk', 'rows', 'end'];
const reports: readonly unknown[] = ['next', 'progress', 'loaded', 'failed'];

// Both ends are this program: the kind tells all the rest.
export const isOrder = (message: unknown): message is Order => orders.includes(kindOf(message));
export const isReport = (message: unknown): message is Report => reports.includes(kindOf(message));
