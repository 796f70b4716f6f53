import { Cron } from 'croner';
import { instant, type Instant } from '../time.js';

/**
 * The next moment of a cron expression (five fields, or six with seconds first), strictly after another.
 * A wall-clock time that daylight saving skips is moved to the end of the gap; one that happens twice counts once.
 * @param timeZone an IANA name
 * @returns null when there is none any more
 * @throws TypeError or RangeError when the expression or the zone cannot be read
 */
export function nextSlot(cron: string, timeZone: string, after: Instant): Instant | null {
  const pattern = new Cron(cron, { timezone: timeZone, paused: true, fixedTimeRule: 'no-wildcard' });
  const next = pattern.nextRun(new Date(after));
  return next === null ? null : instant(next.getTime());
}
