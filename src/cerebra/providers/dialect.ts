import type { Usage } from '../pricing/usage.js';
import type { Failure } from '../gateway/failure.js';

/** What one event of a stream says of its call's usage. */
export interface ChunkUsage {
  /** Of the call so far: a later report replaces an earlier one, it is never added. */
  readonly usage: Usage | null;
  /** The event carries nothing else: it is the extra one, sent only to those who asked for it. */
  readonly only: boolean;
}

/** An answer of the gateway's own, in the shape of a surface. */
export interface Refusal {
  readonly status: number;
  /** Flat: name, value, name, value. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** How a surface speaks: its errors, and where its replies tell what was used. */
export interface Dialect {
  refusal(failure: Failure): Refusal;
  /** The event that ends a stream which can't end well. */
  errorEvent(failure: Failure): string;
  /** The quoted name before a usage report. */
  readonly usageMark: Buffer;
  usageOf(report: unknown): Usage | null;
  /** @param event the decoded payload of one event */
  chunkUsageOf(event: unknown): ChunkUsage;
}
