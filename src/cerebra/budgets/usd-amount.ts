import { z } from 'zod';
import { MAX_NANO_USD, nanoUsd, type NanoUsd } from '../pricing/money.js';

const DECIMAL = /^(\d{1,16})(?:\.(\d{1,9}))?$/;
const FORM = 'Expected dollars, as a number or a decimal string, with at most nine decimals and not below 0.';
const LARGEST = `Expected at most ${MAX_NANO_USD / 1e9} dollars: beyond that, single nano-dollars cannot be counted.`;

/** Dollars in a request, exactly as they are written. */
export const usdAmount = z
  .union([z.number(), z.string()], { error: FORM })
  .transform((amount, context): NanoUsd => {
    const parts = DECIMAL.exec(typeof amount === 'string' ? amount.trim() : written(amount));
    const nano = parts === null ? null : BigInt(parts[1] + (parts[2] ?? '').padEnd(9, '0'));
    if (nano !== null && nano <= BigInt(MAX_NANO_USD)) return nanoUsd(Number(nano));
    context.addIssue({ code: 'custom', message: nano === null ? FORM : LARGEST });
    return z.NEVER;
  })
  .describe('Dollars, exactly as they are written.');

/** The number as its author wrote it, without an exponent; empty where nine decimals cannot say it. */
function written(amount: number): string {
  const fixed = Math.abs(amount) < 1e16 ? amount.toFixed(9) : '';
  return Number(fixed) === amount ? fixed : '';
}
