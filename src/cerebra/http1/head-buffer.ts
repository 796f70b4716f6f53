import { MAX_HEAD_BYTES } from './limits.js';
import type { Refusal } from './refusal.js';

const LINE_END = '\r\n';
const END = LINE_END + LINE_END;
const END_BYTES = Buffer.from(END);
const BARE_LF = /[^\r]\n/;

/** Puts a head together that arrives in pieces. Holds no more than `MAX_HEAD_BYTES`. */
export class HeadBuffer {
  #pieces = '';
  #whole: string | null = null;

  clear(): void {
    this.#pieces = '';
    this.#whole = null;
  }

  /** @returns where it has read to, or why it reads no further */
  push(bytes: Buffer, start: number): number | Refusal {
    if (this.#pieces !== '') return this.#join(bytes, start);
    // As good as every head comes in one piece: no byte of the body behind it is looked at.
    const found = bytes.indexOf(END_BYTES, start);
    const end = found + END.length;
    if (found === -1 || end - start > MAX_HEAD_BYTES) return this.#join(bytes, start);
    this.#whole = bytes.toString('latin1', start, end - LINE_END.length);
    return end;
  }

  /** Status line and field lines, once, without the empty line behind them. Null: not complete yet. */
  take(): string | null {
    const whole = this.#whole;
    this.#whole = null;
    return whole;
  }

  #join(bytes: Buffer, start: number): number | Refusal {
    // Only the seam is searched again: a head that trickles in must not cost its square.
    const seam = this.#pieces.slice(-(END.length - 1));
    const piece = seam + bytes.toString('latin1', start, Math.min(bytes.length, start + MAX_HEAD_BYTES + 1));
    const found = piece.indexOf(END);
    const taken = (found === -1 ? piece.length : found + END.length) - seam.length;
    if (this.#pieces.length + taken > MAX_HEAD_BYTES) return 'head too large';
    const text = this.#pieces + piece.slice(seam.length, seam.length + taken);
    if (found !== -1) {
      this.clear();
      this.#whole = text.slice(0, -LINE_END.length);
      return start + taken;
    }
    this.#pieces = text;
    // Such a head may never end in the way that is looked for.
    return BARE_LF.test(piece) ? 'malformed field' : start + taken;
  }
}
