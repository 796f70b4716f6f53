import inspector from 'node:inspector';

/** Shared with a context's thread, which counts up while its event loop turns. */
export const createBeats = (): Int32Array<SharedArrayBuffer> => new Int32Array(new SharedArrayBuffer(4));

/** A quarter of the limit: a stall is noticed at most that much late. */
export const beatIntervalMs = (stallMs: number): number => Math.ceil(stallMs / 4);

/** In the context's thread: beats for as long as the loop turns, and never keeps it alive. */
export function beat(beats: Int32Array, intervalMs: number): void {
  setInterval(() => Atomics.add(beats, 0, 1), intervalMs).unref();
}

/**
 * Adds up for how long nothing was heard.
 * Measured in ticks of the listener and not by the clock: after a suspended laptop or a stopped
 * container both sides were asleep, and the tick that comes late counts as one.
 */
export class Silence {
  private lastHeard = -1;
  private silentMs = 0;

  /** @returns how long the other side has been silent after this tick */
  tick(heard: number, intervalMs: number): number {
    this.silentMs = heard === this.lastHeard ? this.silentMs + intervalMs : 0;
    this.lastHeard = heard;
    return this.silentMs;
  }
}

/**
 * In the supervisor: calls `onStall` once when a thread has been silent for too long.
 * @returns ends the watch
 */
export function watchBeats(beats: Int32Array, stallMs: number, onStall: () => void): () => void {
  const intervalMs = beatIntervalMs(stallMs);
  const silence = new Silence();
  const timer = setInterval(() => {
    // A thread that stands at a breakpoint is silent, and is not to be ended for it.
    if (inspector.url() !== undefined) return;
    if (silence.tick(Atomics.load(beats, 0), intervalMs) < stallMs) return;
    clearInterval(timer);
    onStall();
  }, intervalMs);
  return () => clearInterval(timer);
}
