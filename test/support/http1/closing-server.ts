import { Worker } from 'node:worker_threads';
import { CLOSE, CLOSED, EACH, ORDER, PATHS, PORT, RESET, SEEN } from './closing-server-slots.js';

const DEADLINE_MS = 10_000;

/**
 * A provider that closes connections at the worst moments. It has a thread of its own, so that it can do so while the
 * client's stands still.
 */
export class ClosingServer {
  private constructor(
    private readonly slots: Int32Array<SharedArrayBuffer>,
    private readonly worker: Worker,
  ) {}

  static async start(): Promise<ClosingServer> {
    const slots = new Int32Array(new SharedArrayBuffer(4 * (SEEN + PATHS)));
    const worker = new Worker(new URL('closing-server-thread.ts', import.meta.url), { workerData: slots.buffer });
    await Atomics.waitAsync(slots, PORT, 0, DEADLINE_MS).value;
    return new ClosingServer(slots, worker);
  }

  get origin(): string {
    return `http://127.0.0.1:${Atomics.load(this.slots, PORT)}`;
  }

  /** From now on, each connection is closed or reset between 0 and 2 ms after its reply. */
  closeAfterEach(): void {
    Atomics.store(this.slots, EACH, 1);
  }

  /** Lets this thread stand still until the provider has closed: its event loop has seen nothing of it yet. */
  closeNow(how: 'close' | 'reset'): void {
    Atomics.store(this.slots, CLOSED, 0);
    Atomics.store(this.slots, ORDER, how === 'reset' ? RESET : CLOSE);
    Atomics.notify(this.slots, ORDER);
    const outcome = Atomics.wait(this.slots, CLOSED, 0, DEADLINE_MS);
    if (outcome === 'timed-out') throw new Error('The provider did not close.');
  }

  /** How often this path, such as `/7`, has been asked for. */
  seen(path: string): number {
    return Atomics.load(this.slots, SEEN + Number(path.slice(1)));
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }
}
