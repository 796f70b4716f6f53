import { isGrouped, type DecimalMark } from './dialect.pure.js';

/** Digits before and behind the decimal point: more than any bill holds, noise of floats included. */
export const MOST_WHOLE_DIGITS = 40;
export const MOST_DECIMALS = 100;

const NUMBER = /^([+-]?)([\d.,' \u00a0\u202f]*)(?:e([+-]?\d{1,3}))?$/i;

/**
 * Reads a number as it is written: with groups, with an exponent, with a decimal comma.
 * @param mark null where nothing tells what the decimal mark is: then only whole numbers can be read
 * @returns digits with at most one point between them and a `-` before them, exact; null: it is no number
 */
export function readDecimal(text: string, mark: DecimalMark | null): string | null {
  const [, sign = '', body = '', exponent = '0'] = NUMBER.exec(text.trim()) ?? [];
  const parts = partsOf(body, mark);
  if (parts === null) return null;
  const [whole, fraction] = shifted(parts.whole, parts.fraction, Number(exponent));
  if (whole.length > MOST_WHOLE_DIGITS || fraction.length > MOST_DECIMALS) return null;
  return `${sign === '-' ? '-' : ''}${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`;
}

interface Parts {
  readonly whole: string;
  readonly fraction: string;
}

function partsOf(body: string, mark: DecimalMark | null): Parts | null {
  const decimal = mark === 'comma' ? ',' : '.';
  const [before = '', fraction = '', ...more] = mark === null ? [body] : body.split(decimal);
  if (more.length > 0 || !/^\d*$/.test(fraction)) return null;
  const whole = ungrouped(before, mark);
  return whole === null || whole.length + fraction.length === 0 ? null : { whole, fraction };
}

/** Digits alone, or in groups of three between which one and the same sign stands. */
function ungrouped(text: string, mark: DecimalMark | null): string | null {
  if (/^\d*$/.test(text)) return text;
  const sign = /[^\d]/.exec(text)?.[0] ?? '';
  if (mark === null && /[.,]/.test(sign)) return null;
  const groups = text.split(sign);
  return isGrouped(groups) ? groups.join('') : null;
}

/** Moves the point to the right, to the left where `places` is negative. */
function shifted(whole: string, fraction: string, places: number): [whole: string, fraction: string] {
  if (places === 0) return [whole, fraction];
  if (places > 0) {
    const moved = fraction.slice(0, places).padEnd(places, '0');
    return [(whole + moved).replace(/^0+(?=\d)/, ''), fraction.slice(places)];
  }
  const moved = whole.padStart(-places, '0');
  return [moved.slice(0, moved.length + places), moved.slice(moved.length + places) + fraction];
}
