import type { Factor } from './rates.js';

/** USD per million tokens → pico-USD per token, and back: both are six decimals apart. */
const DECIMALS_PER_MILLION = 6;
/** Pico-USD in a dollar. */
const DECIMALS_EACH = 12;

/** Non-negative decimals as text, without sign or exponent. */
export const DECIMAL = /^(\d{1,12})(?:\.(\d+))?$/;

/** @returns null where the text is no decimal, or has more decimals than the unit can hold */
function toUnits(text: string, decimals: number): bigint | null {
  const parts = DECIMAL.exec(text);
  const fraction = parts?.[2]?.replace(/0+$/, '') ?? '';
  if (parts === null || fraction.length > decimals) return null;
  return BigInt(`${parts[1]}${fraction.padEnd(decimals, '0')}`);
}

/** The shortest text that says it. */
function toText(units: bigint, decimals: number): string {
  const digits = units.toString().padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  return digits.slice(0, -decimals) + (fraction === '' ? '' : `.${fraction}`);
}

export const perTokenOf = (usdPerMillion: string): bigint | null => toUnits(usdPerMillion, DECIMALS_PER_MILLION);
export const usdPerMillionOf = (picoPerToken: bigint): string => toText(picoPerToken, DECIMALS_PER_MILLION);

export const picoEachOf = (usdEach: string): bigint | null => toUnits(usdEach, DECIMALS_EACH);
export const usdEachOf = (picoEach: bigint): string => toText(picoEach, DECIMALS_EACH);

/** `1.1` → 11/10 */
export function factorOf(decimal: string): Factor {
  const parts = DECIMAL.exec(decimal);
  if (parts === null) throw new Error(`${decimal} is no decimal.`);
  const fraction = parts[2] ?? '';
  return { times: BigInt(`${parts[1]}${fraction}`), over: 10n ** BigInt(fraction.length) };
}
