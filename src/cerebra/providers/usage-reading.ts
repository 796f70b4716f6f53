import type { Usage } from '../pricing/usage.js';

/** What one event of a stream says of its call's usage. */
export interface ChunkUsage {
  /** Of the call so far: a later report replaces an earlier one, it is never added. */
  readonly usage: Usage | null;
  /** The event carries nothing else: it is the extra one, sent only to those who asked for it. */
  readonly only: boolean;
  /** It is of what was used so far: more is to come. */
  readonly soFar: boolean;
}

/** Where the replies to one kind of call tell what was used. */
export interface UsageReading {
  /** The quoted name before a usage report. */
  readonly usageMark: Buffer;
  /** What a reply names its tier, beside the usage; left out where the report itself tells it. */
  readonly tierIn?: (reply: Buffer) => unknown;
  /** @param tier what {@link tierIn} found */
  usageOf(report: unknown, tier?: unknown): Usage | null;
  /**
   * @param event the decoded payload of one event
   * @param earlier what the events before it said
   */
  chunkUsageOf(event: unknown, earlier: Usage | null): ChunkUsage;
  /** Whether an event carries any of what the model wrote; those before it only open the stream. */
  showsContent(event: unknown): boolean;
}
