import { MAX_HEAD_BYTES } from './limits.js';
import type { Refusal } from './refusal.js';

const END = '\r\n\r\n';
const BARE_LF = /[^\r]\n/;

/** Puts a head together that arrives in pieces. Holds no more than `MAX_HEAD_BYTES`. */
export class HeadBuffer {
  #text = '';
  #complete = false;

  clear(): void {
    this.#text = '';
    this.#complete = false;
  }

  /** @returns where it has read to, or why it reads no further */
  push(bytes: Buffer, start: number): number | Refusal {
    const before = this.#text;
    if (before === '') {
      // As good as every head comes in one piece: no byte of the body behind it is looked at.
      const end = bytes.indexOf(END, start, 'latin1') + END.length;
      if (end >= start + END.length && end - start <= MAX_HEAD_BYTES) {
        this.#text = bytes.toString('latin1', start, end);
        this.#complete = true;
        return end;
      }
    }
    // Only the seam is searched again: a head that trickles in must not cost its square.
    const seam = before.slice(-(END.length - 1));
    const piece = seam + bytes.toString('latin1', start, Math.min(bytes.length, start + MAX_HEAD_BYTES + 1));
    const found = piece.indexOf(END);
    const taken = (found === -1 ? piece.length : found + END.length) - seam.length;
    if (before.length + taken > MAX_HEAD_BYTES) return 'head too large';
    this.#text = before + piece.slice(seam.length, seam.length + taken);
    if (found !== -1) this.#complete = true;
    // Such a head may never end in the way that is looked for.
    else if (BARE_LF.test(piece)) return 'malformed field';
    return start + taken;
  }

  /** Status line and field lines, once, without the empty line behind them. Null: not complete yet. */
  take(): string | null {
    if (!this.#complete) return null;
    const text = this.#text.slice(0, -2);
    this.clear();
    return text;
  }
}
