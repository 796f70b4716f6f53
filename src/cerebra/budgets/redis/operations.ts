import { z } from 'zod';
import type { Clock } from '../../../platform/time.js';
import { LuaScript } from './lua-script.js';
import { operationsLua } from './operations.lua.js';
import { encode, type Operation } from './operation.js';
import type { Store } from './store.js';

export type Reply =
  | {
      readonly kind: 'admitted';
      readonly epoch: string;
      readonly bound: number;
      /** -1: no budget is hard. */
      readonly left: number;
      readonly told: ToldAllowances;
    }
  | { readonly kind: 'refused' | 'full'; readonly index: number; readonly settled: number; readonly reserved: number }
  /** `by` is an index of `rateNames`; `retryAfterMs` -1: never. */
  | { readonly kind: 'limited'; readonly by: number; readonly retryAfterMs: number; readonly told: ToldAllowances }
  | { readonly kind: 'state'; readonly settled: number; readonly reserved: number }
  /** Windows, by their index, that must be compared with the ledger first. */
  | { readonly kind: 'unseeded'; readonly epoch: string; readonly indexes: readonly number[] }
  | { readonly kind: 'settled' | 'renewed' | 'gone'; readonly epoch: string }
  /** The store has just begun a new life, in which calls that run elsewhere may not be held again yet. */
  | { readonly kind: 'young' }
  /** It cannot be done, now or later, and has changed nothing. */
  | { readonly kind: 'failed' }
  /** No answer: it may or may not have been done. */
  | { readonly kind: 'away' };

/** What is left of the requests and until all are back, and the same of the tokens. */
export type ToldAllowances = readonly [number, number, number, number];

const AWAY: Reply = { kind: 'away' };

/** A script holds up the whole Redis while it runs: 128 operations take it about a millisecond. */
const BATCH_MAX = 128;

const script = new LuaScript(operationsLua);
const batchReply = z.tuple([z.string(), z.array(z.tuple([z.string()], z.number())), z.string()]);

interface Waiting {
  readonly operation: Operation;
  readonly answer: (reply: Reply) => void;
}

/** Sends what one turn of the event loop asks for in one round trip. Holds nothing beyond the turn. */
export class Operations {
  private waiting: Waiting[] = [];

  constructor(
    private readonly store: Store,
    private readonly leaseMs: number,
    private readonly waitMs: number,
    private readonly clock: Clock,
  ) {}

  /** Never rejects. */
  submit(operation: Operation): Promise<Reply> {
    return new Promise((answer) => {
      if (this.waiting.length === 0) setImmediate(() => this.flush());
      this.waiting.push({ operation, answer });
    });
  }

  private flush(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (let from = 0; from < waiting.length; from += BATCH_MAX) {
      void this.send(waiting.slice(from, from + BATCH_MAX));
    }
  }

  private async send(batch: readonly Waiting[]): Promise<void> {
    const now = this.clock.now();
    const words = batch.flatMap(({ operation }) => encode(operation, now));
    const raw = await this.store.run(script, [this.leaseMs, this.waitMs, ...words]);
    if (raw === null) {
      for (const { answer } of batch) answer(AWAY);
      return;
    }
    const [epoch, replies, fault] = batchReply.parse(raw);
    this.store.lives(epoch);
    if (fault !== '') this.store.faulted(fault);
    for (const [index, { answer }] of batch.entries()) answer(toReply(epoch, replies[index] ?? ['']));
  }
}

function toReply(epoch: string, [kind, ...numbers]: readonly [string, ...number[]]): Reply {
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0] = numbers;
  switch (kind) {
    case 'admitted':
      return { kind, epoch, bound: first, left: second, told: [third, fourth, fifth, sixth] };
    case 'limited':
      return { kind, by: first, retryAfterMs: second, told: [third, fourth, fifth, sixth] };
    case 'refused':
    case 'full':
      return { kind, index: first, settled: second, reserved: third };
    case 'state':
      return { kind, settled: first, reserved: second };
    case 'unseeded':
      return { kind, epoch, indexes: numbers };
    case 'settled':
    case 'renewed':
    case 'gone':
      return { kind, epoch };
    case 'young':
    case 'failed':
      return { kind };
    default:
      throw new Error(`The budget store answered with an unknown reply, ${kind}.`);
  }
}
