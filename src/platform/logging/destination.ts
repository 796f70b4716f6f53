import { pino } from 'pino';

/** What is kept while the disk is full; more than that is dropped, because the work matters more than its log. */
const MAX_KEPT_BYTES = 1 << 20;
/** Tries of 100 ms each for a reader that does not take more; then the line waits for the next one. */
const MAX_BUSY_TRIES = 20;

export type LogDestination = ReturnType<typeof pino.destination>;

/**
 * Writes before it returns: in a Worker, `process.stdout` goes through the main thread, and the lines
 * that explain a crash would be lost with it.
 * Neither a reader that went away nor a full disk may end the process.
 */
export function openDestination(fileDescriptor: number): LogDestination {
  let busy = 0;
  const destination = pino.destination({
    fd: fileDescriptor,
    sync: true,
    maxLength: MAX_KEPT_BYTES,
    retryEAGAIN: () => (busy = (busy + 1) % MAX_BUSY_TRIES) !== 0,
  });
  destination.on('error', () => {});
  // Nothing is tried again while the buffer is full, unless asked for: the disk may have room by now.
  destination.on('drop', () => {
    try {
      destination.flushSync();
    } catch {
      // Still full.
    }
  });
  return destination;
}
