export const runStatuses = [
  'queued',
  'running',
  'completed',
  'completed_with_rejections',
  'failed',
  'cancelled',
] as const;
export type RunStatus = (typeof runStatuses)[number];

export const runKinds = ['import', 'sync', 'backfill'] as const;
export type RunKind = (typeof runKinds)[number];

export const isOver = (status: RunStatus): boolean => status !== 'queued' && status !== 'running';

export interface RunProgress {
  /** Data rows read so far. */
  readonly rows: number;
  /** Read so far, as files were delivered. */
  readonly bytes: number;
  /** Null where it cannot be told beforehand how much there is. */
  readonly percent: number | null;
  readonly eta_seconds: number | null;
}

/** What became of one slice in a run. */
export interface RunSlice {
  readonly key: string;
  readonly billing_account: string | null;
  /** `YYYY-MM`. */
  readonly period: string;
  readonly rows: number;
  readonly state: 'new' | 'unchanged' | 'replaced';
  /** What the slice costs now, exactly. */
  readonly costs: { readonly currency: string; readonly billed: string; readonly effective: string }[];
}

/** Why a run failed. */
export interface RunError {
  readonly code: string;
  readonly message: string;
}

/** What was asked of a provider. */
export interface ProviderUsage {
  readonly requests: number;
  /** Exact, as decimal text. */
  readonly costUsd: string;
  readonly waitedMs: number;
}

/** Data rows by what became of them. */
export interface RowCounts {
  /** Became charges, repaired ones included. */
  readonly accepted: number;
  readonly repaired: number;
  readonly rejected: number;
}
