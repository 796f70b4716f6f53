import { createHash, hkdfSync } from 'node:crypto';
import { z } from 'zod';
import { openWith, sealWith } from '../secrets/cipher.js';

/** A reply as it is kept to be repeated. */
export interface KeptReply {
  readonly type: string;
  readonly body: string;
}

const keptReply = z.object({ type: z.string(), body: z.string() });
const KEY_BYTES = 32;

/**
 * Replies may show a secret this once, so they are sealed under a key made of the caller's own access key and
 * `Idempotency-Key`. Neither is stored: whoever may see the reply again can open it, the database alone can't,
 * and it needs no master key.
 */
export class ReplySeal {
  private readonly key: Uint8Array;
  private readonly context: string;

  constructor(accessKey: string, idempotencyKey: string, scope: Buffer) {
    this.key = new Uint8Array(hkdfSync('sha256', accessKey, idempotencyKey, 'oco idempotent reply', KEY_BYTES));
    this.context = scope.toString('hex');
  }

  seal(reply: KeptReply): Buffer {
    return sealWith(this.key, Buffer.from(JSON.stringify(reply)), this.context);
  }

  /** @returns null where another access key sealed it */
  open(sealed: Buffer): KeptReply | null {
    const text = openWith(this.key, sealed, this.context);
    return text === null ? null : keptReply.parse(JSON.parse(text.toString()));
  }
}

/** One digest over parts that cannot run into each other. */
export const digestOfParts = (...parts: readonly unknown[]): Buffer =>
  createHash('sha256').update(JSON.stringify(parts)).digest();
