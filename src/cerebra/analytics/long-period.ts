import { invalid } from '../../platform/errors/platform.errors.js';
import { periodOf, type Period } from '../../platform/http/period.js';
import type { Instant } from '../../platform/time.js';

/** A leap year: the period is what bounds the work of a question. */
const MOST_DAYS = 366;
const DAY_MS = 86_400_000;

/** As {@link periodOf}, but bounded. */
export function longPeriodOf(query: Parameters<typeof periodOf>[0], now: Instant): Period {
  const period = periodOf(query, now);
  if (period.to - period.from > MOST_DAYS * DAY_MS) throw invalid({ from: `Expected at most ${MOST_DAYS} days.` });
  return period;
}
