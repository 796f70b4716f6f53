import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { GateCounts } from '../gate-counts.js';
import type { Operation } from './operation.js';
import type { Operations, Reply } from './operations.js';
import type { Seeds } from './seeds.js';

/** About 400 bytes each. Beyond it the oldest is dropped: the sweeper then charges that call's whole bound. */
const QUEUE_MAX = 100_000;
/** So many are under way at once when the store comes back. */
const WAVE = 1_024;
const DRAIN_POLL_MS = 10;

interface Settlement {
  readonly operation: Operation;
  sent: boolean;
}

/** What is still to be told to the store. Told at once while it is up, again when it is back, until it has answered. */
export class Settlements {
  private readonly queue = new Map<string, Settlement>();
  private telling: Promise<void> | null = null;

  constructor(
    private readonly operations: Pick<Operations, 'submit'>,
    private readonly seeds: Pick<Seeds, 'plant'>,
    private readonly counts: GateCounts,
    private readonly log: Pick<Logger, 'warn'>,
    private readonly most = QUEUE_MAX,
  ) {}

  /** The first settlement of a call stands. */
  add(operation: Operation): void {
    if (this.queue.has(operation.callId)) return;
    const settlement = { operation, sent: false };
    this.queue.set(operation.callId, settlement);
    if (this.queue.size > this.most) this.dropOldest();
    void this.tell(settlement);
  }

  /** Tells again what got no answer. */
  retell(): Promise<void> {
    this.telling ??= this.tellWaiting().finally(() => {
      this.telling = null;
    });
    return this.telling;
  }

  /** Waits until all is told, or the deadline. */
  async drain(deadlineMs: number): Promise<void> {
    const until = performance.now() + deadlineMs;
    while (this.queue.size > 0 && performance.now() < until) {
      await this.retell();
      await setTimeout(DRAIN_POLL_MS);
    }
  }

  private async tellWaiting(): Promise<void> {
    const waiting = [...this.queue.values()].filter((settlement) => !settlement.sent);
    for (let from = 0; from < waiting.length; from += WAVE) {
      await Promise.all(waiting.slice(from, from + WAVE).map((settlement) => this.tell(settlement)));
    }
  }

  private async tell(settlement: Settlement): Promise<void> {
    settlement.sent = true;
    if (await this.isTold(settlement.operation)) this.queue.delete(settlement.operation.callId);
    else settlement.sent = false;
  }

  private async isTold(operation: Operation): Promise<boolean> {
    const reply = await this.operations.submit(operation);
    if (reply.kind !== 'unseeded') return this.isDone(reply);
    const places = reply.indexes.flatMap((index) => operation.windows[index] ?? []);
    const planted = await Promise.all(places.map((place) => this.seeds.plant(reply.epoch, place)));
    return planted.every(Boolean) && this.isDone(await this.operations.submit(operation));
  }

  /** One that fails would fail again: its lease runs out and the sweeper charges the bound. */
  private isDone({ kind }: Reply): boolean {
    if (kind === 'failed') this.counts.dropped += 1;
    return kind === 'settled' || kind === 'failed';
  }

  private dropOldest(): void {
    const [oldest] = this.queue.keys();
    if (oldest === undefined) return;
    this.queue.delete(oldest);
    if (this.counts.dropped === 0) this.log.warn('settlements are dropped: Redis has been away for too long');
    this.counts.dropped += 1;
  }
}
