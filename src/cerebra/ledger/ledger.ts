import type { Call } from '../gateway/call.js';

/**
 * Remembers every call that may have been billed. Both methods only append to a buffer that is flushed to the
 * spool every 50 ms; with `CEREBRA_LEDGER_SYNC=always` {@link durable} waits until it is on disk.
 */
export abstract class Ledger {
  /** "This call may be billed": written before it is forwarded, so that a crash can't lose it. */
  abstract intend(call: Call): void;
  /** The row of a call that has ended, in whatever way. Exactly once per call. */
  abstract record(call: Call): void;
  /** Null: nothing to wait for. Otherwise resolves when all that was appended so far is on disk. */
  abstract durable(): Promise<void> | null;
}
