import type { Rejection, Repair } from './fault.js';

/** Where a fault stands. */
export interface Place {
  /** Where the record starts, the heading being line 1. */
  readonly line: number;
  /** As the file names it; null: the record as a whole. */
  readonly heading: string | null;
}

/** Keeps what is wrong with rows, for whoever asks. */
export interface RowReports {
  reject(place: Place, fault: Rejection, value: string | null): void;
  repair(place: Place, fault: Repair, value: string | null): void;
}
