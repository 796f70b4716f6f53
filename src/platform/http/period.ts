import { z } from 'zod';
import { invalid } from '../errors/platform.errors.js';
import { instant, type Instant } from '../time.js';

/** Start-inclusive, end-exclusive. */
export interface Period {
  readonly from: Instant;
  readonly to: Instant;
}

const FORM = 'Expected a date (2026-01-31, midnight UTC) or a time (2026-01-31T12:00:00Z).';

const moment = z
  .union([z.iso.date({ error: FORM }), z.iso.datetime({ offset: true, error: FORM })], { error: FORM })
  .transform((text) => instant(Date.parse(text)));

/** The query parameters of a period; spread into a `z.strictObject`, and settled by {@link periodOf}. */
export const periodFields = { from: moment.optional(), to: moment.optional() };

/**
 * Fills in what was not asked for: the current month so far, or from the start of the month that `to` lies in.
 * @throws {AppError} 422 where nothing lies between the two
 */
export function periodOf(query: { readonly from?: Instant; readonly to?: Instant }, now: Instant): Period {
  // The end is exclusive, and what happens now belongs to "so far".
  const to = query.to ?? instant(now + 1);
  const from = query.from ?? monthOf(instant(to - 1));
  if (from >= to) throw invalid({ from: '`from` must be before `to`.' });
  return { from, to };
}

function monthOf(time: Instant): Instant {
  const date = new Date(time);
  return instant(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1));
}
