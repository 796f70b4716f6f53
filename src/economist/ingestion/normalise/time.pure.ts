import type { DateOrder } from './dialect.pure.js';

const DAY_MICROS = 86_400_000_000;

/** An instant as a file wrote it. Reused, so that a column of times makes no objects. */
export class ReadTime {
  /** Since the Unix epoch. */
  micros = 0;
  /** False: a time of day without a zone. A date alone needs none. */
  hasZone = true;
}

/**
 * Reads an instant in any form of ISO 8601 that bills use: a date alone, `T` or a space before the time, seconds and
 * their fractions or none, `Z`, an offset or no zone at all (which is UTC then).
 * @returns whether it is one
 */
export function readIsoTime(bytes: Uint8Array, start: number, end: number, time: ReadTime): boolean {
  const year = digits(bytes, start, 4);
  const month = digits(bytes, start + 5, 2);
  const day = digits(bytes, start + 8, 2);
  if (end - start < 10 || bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d) return false;
  const days = daysOf(year, month, day);
  if (Number.isNaN(days)) return false;
  time.micros = days * DAY_MICROS;
  time.hasZone = true;
  if (end - start === 10) return true;

  let at = start + 10;
  if (bytes[at] !== 0x54 && bytes[at] !== 0x20 && bytes[at] !== 0x74) return false;
  const hour = digits(bytes, at + 1, 2);
  const minute = digits(bytes, at + 4, 2);
  at += 6;
  if (at > end || bytes[at - 3] !== 0x3a || !(hour < 24) || !(minute < 60)) return false;
  let micros = (hour * 60 + minute) * 60_000_000;
  if (at < end && bytes[at] === 0x3a) {
    const second = digits(bytes, at + 1, 2);
    at += 3;
    if (at > end || !(second < 60)) return false;
    micros += second * 1_000_000;
    if (at < end && (bytes[at] === 0x2e || bytes[at] === 0x2c)) {
      at += 1;
      const from = at;
      for (let worth = 100_000; at < end && isDigit(bytes[at]); at += 1, worth /= 10) {
        // What is finer than a microsecond is dropped: PostgreSQL keeps no more.
        if (worth >= 1) micros += ((bytes[at] ?? 0) - 0x30) * worth;
      }
      if (at === from) return false;
    }
  }
  time.micros += micros;
  return readZone(bytes, at, end, time);
}

function readZone(bytes: Uint8Array, from: number, end: number, time: ReadTime): boolean {
  let at = from;
  if (at === end) {
    time.hasZone = false;
    return true;
  }
  while (bytes[at] === 0x20 && at < end) at += 1;
  const sign = bytes[at];
  if (sign === 0x5a || sign === 0x7a) return at + 1 === end;
  if (sign === 0x55 || sign === 0x75) return end - at === 3 && isUtc(bytes, at);
  if (sign !== 0x2b && sign !== 0x2d) return false;
  const hours = digits(bytes, at + 1, 2);
  at += 3;
  if (at < end && bytes[at] === 0x3a) at += 1;
  const minutes = at === end ? 0 : digits(bytes, at, 2);
  if (at < end) at += 2;
  if (at !== end || !(hours <= 18) || !(minutes < 60)) return false;
  time.micros += (sign === 0x2d ? 1 : -1) * (hours * 60 + minutes) * 60_000_000;
  return true;
}

const isUtc = (bytes: Uint8Array, at: number): boolean =>
  String.fromCharCode(...bytes.subarray(at, at + 3)).toUpperCase() === 'UTC';

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** NaN where they are no digits. */
function digits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let index = at; index < at + count; index += 1) {
    const digit = (bytes[index] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Days since the Unix epoch; NaN where there is no such day, or it lies outside of what a bill can mean. */
export function daysOf(year: number, month: number, day: number): number {
  if (!(year >= 1990 && year < 2200) || !(month >= 1 && month <= 12)) return Number.NaN;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = month === 2 && isLeap ? 29 : (MONTH_DAYS[month - 1] ?? 0);
  if (!(day >= 1 && day <= last)) return Number.NaN;
  return Date.UTC(year, month - 1, day) / 86_400_000;
}

const WRITTEN = /^(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})(?:[T ]+(.+))?$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?(?:\s*([ap])\.?m\.?)?\s*(z|utc|[+-]\d{2}:?\d{2})?$/i;

/**
 * Puts a date that people write into ISO form: `3/13/2026`, `13.03.2026 0:00`, `2026/03/13`, `20260313`.
 * @param order of day and month, where they are parted by `/` or `-`; a point says that the day is first
 * @returns null where it is none, or nothing tells the order
 */
export function asIsoTime(text: string, order: DateOrder | null): string | null {
  const compact = COMPACT.exec(text);
  if (compact !== null) return compact.slice(1).join('-');
  const [, first = '', sign, second = '', third = '', clock] = WRITTEN.exec(text) ?? [];
  const date = orderedDate(first, second, third, sign === '.' ? 'day-first' : order);
  if (date === null) return null;
  const time = clock === undefined ? '' : asIsoClock(clock);
  return time === null ? null : date + time;
}

function orderedDate(first: string, second: string, third: string, order: DateOrder | null): string | null {
  if (first.length === 4) return third.length > 2 ? null : isoDate(first, second, third);
  if (third.length !== 4 || first.length > 2) return null;
  if (order === null && Number(first) !== Number(second)) return null;
  return order === 'month-first' ? isoDate(third, first, second) : isoDate(third, second, first);
}

const isoDate = (year: string, month: string, day: string): string =>
  `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;

function asIsoClock(text: string): string | null {
  const [, hour, minute, second = '00', fraction = '', half, zone = ''] = CLOCK.exec(text) ?? [];
  if (hour === undefined || minute === undefined) return null;
  const isTwelve = half !== undefined;
  if (isTwelve && (Number(hour) < 1 || Number(hour) > 12)) return null;
  const hours = isTwelve ? (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0) : Number(hour);
  return `T${String(hours).padStart(2, '0')}:${minute}:${second}${fraction}${zone}`;
}
