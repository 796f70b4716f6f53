import { focusColumns, type FocusType } from '../../charges/focus-columns.js';
import { Cell } from '../reading/cell.js';
import { WHOLE, type RecordBatch } from '../reading/record-batch.js';
import type { Rows } from '../reading/rows.js';
import type { Plan } from '../shapes/plan.js';
import {
  canonical,
  markEvidence,
  orderEvidence,
  type DateOrder,
  type DecimalMark,
  type Dialect,
  type Evidence,
} from './dialect.pure.js';

/** Records that are looked at in any case: one odd amount at the top must not decide for a whole file. */
const HEAD = 1_000;

const MARKS = Buffer.from('.,');
const DATE_SIGNS = Buffer.from('/-');

/**
 * Finds out how a file writes numbers and dates, by those of its values that can be read in one way only. Mostly its
 * head tells; a file that leaves it open is read to its end, for what stands there still counts for what stands above.
 */
export async function readDialect(rows: Rows, plan: Plan): Promise<Dialect> {
  if (!rows.isLocalised) return canonical;
  const marks = new Vote<DecimalMark>(columnsOf(plan, 'decimal'), MARKS, markEvidence);
  const orders = new Vote<DateOrder>(columnsOf(plan, 'time'), DATE_SIGNS, orderEvidence);
  let heard = 0;
  const isDecided = (): boolean => heard >= HEAD && marks.winner !== null && (orders.winner !== null || !orders.isOpen);
  for await (const batch of rows.batches()) {
    for (let record = 0; record < batch.records && !isDecided(); record += 1, heard += 1) {
      if (batch.states[record] !== WHOLE) continue;
      marks.hear(batch, record);
      orders.hear(batch, record);
    }
    if (isDecided()) break;
  }
  return { decimalMark: marks.winner, dateOrder: orders.winner };
}

/** What the values of some columns say; the more frequent voice wins. */
class Vote<Told extends string> {
  /** Whether a value could be read in either way. */
  isOpen = false;
  readonly #votes = new Map<Told, number>();
  readonly #cell = new Cell();

  constructor(
    private readonly columns: readonly number[],
    /** A value without any of these says nothing: those of whole numbers are read to their end for that. */
    private readonly signs: Buffer,
    private readonly evidence: (text: string) => Evidence<Told>,
  ) {}

  hear(batch: RecordBatch, record: number): void {
    for (const column of this.columns) {
      batch.place(this.#cell, record, column);
      if (!this.#hasSign()) continue;
      const told = this.evidence(this.#cell.text());
      if (told === null) continue;
      if (told === 'open') this.isOpen = true;
      else this.#votes.set(told, (this.#votes.get(told) ?? 0) + 1);
    }
  }

  #hasSign(): boolean {
    const { bytes, start, end } = this.#cell;
    const [one, other] = this.signs;
    for (let at = start; at < end; at += 1) if (bytes[at] === one || bytes[at] === other) return true;
    return false;
  }

  get winner(): Told | null {
    const [first] = [...this.#votes].sort((a, b) => b[1] - a[1]);
    return first?.[0] ?? null;
  }
}

/** Those that have no format of their own. */
function columnsOf(plan: Plan, type: FocusType): readonly number[] {
  return plan.targets.flatMap(({ name, origin }) =>
    focusColumns[name].type === type && origin.kind === 'column' && origin.format === null ? [origin.column] : [],
  );
}
