import { writeSync } from 'node:fs';
import { types } from 'node:util';
import type { DestinationStream } from 'pino';

/** How long a line waits for a reader that takes no more: 20 × 50 ms. */
const MAX_BUSY_TRIES = 20;
const BUSY_PAUSE_MS = 50;

/**
 * Writes before it returns: in a Worker, `process.stdout` goes through the main thread, and the lines
 * that explain a crash would be lost with it. Keeps nothing back: a line that the disk has no room for,
 * or whose reader went away, is dropped, because the work matters more than its log.
 * (pino's own destination retries forever in `flushSync` on a full disk, and calls it on every fatal line.)
 */
export function openDestination(fileDescriptor: number): DestinationStream {
  return {
    write(line: string) {
      try {
        writeWhole(fileDescriptor, Buffer.from(line));
      } catch {
        // There is nowhere left to say so.
      }
    },
  };
}

function writeWhole(fileDescriptor: number, line: Buffer): void {
  let rest = line;
  for (let tries = 0; rest.length > 0;) {
    try {
      rest = rest.subarray(writeSync(fileDescriptor, rest));
    } catch (error) {
      tries += 1;
      if (!isBusy(error) || tries > MAX_BUSY_TRIES) throw error;
      pause();
    }
  }
}

const isBusy = (error: unknown): boolean => types.isNativeError(error) && 'code' in error && error.code === 'EAGAIN';

/** The only wait that does not let go of the thread, and so the order of lines. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_PAUSE_MS);
}
