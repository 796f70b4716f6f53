import type { RunProgress } from '../runs/run.js';

const NOTHING = { rows: 0, bytes: 0 };
/** Rows that are read still have to be swapped in. */
const ALMOST = 99;

/** How far a run is. */
export class ProgressMeter {
  private done = NOTHING;
  private current = NOTHING;
  private total: number | null = null;
  private readonly began = performance.now();

  /** @param bytes of all that is to be read; null where that cannot be told */
  expect(bytes: number | null): void {
    this.total = bytes;
  }

  /** Of the part that is being read. */
  reading(rows: number, bytes: number): void {
    this.current = { rows, bytes };
  }

  /** A part has been read, or was found to need no reading. */
  pass(rows: number, bytes: number): void {
    this.done = { rows: this.done.rows + rows, bytes: this.done.bytes + bytes };
    this.current = NOTHING;
  }

  get progress(): RunProgress {
    const rows = this.done.rows + this.current.rows;
    const bytes = this.done.bytes + this.current.bytes;
    if (this.total === null || this.total === 0) return { rows, bytes, percent: null, eta_seconds: null };
    const share = Math.min(bytes / this.total, 1);
    const elapsed = (performance.now() - this.began) / 1_000;
    return {
      rows,
      bytes,
      percent: Math.min(Math.floor(share * 100), ALMOST),
      eta_seconds: share === 0 ? null : Math.round((elapsed / share) * (1 - share)),
    };
  }
}
