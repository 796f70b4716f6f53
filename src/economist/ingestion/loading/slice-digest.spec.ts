import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { joinDigests, SliceDigest } from './slice-digest.js';

const rows = Array.from({ length: 200 }, (_, index) => Buffer.from(`row ${index}`));

function digestOf(some: readonly Buffer[]): string {
  const digest = new SliceDigest();
  for (const row of some) digest.add(row);
  return digest.toString();
}

describe('the digest of a slice', () => {
  it('is the sum of the SHA-256 of its rows, modulo 2^256', () => {
    const sum = rows.reduce((total, row) => total + BigInt(`0x${createHash('sha256').update(row).digest('hex')}`), 0n);
    expect(digestOf(rows)).toBe(BigInt.asUintN(256, sum).toString(16).padStart(64, '0'));
  });

  it('ignores the order of rows, and adds up over parts', () => {
    expect(digestOf(rows.toReversed())).toBe(digestOf(rows));
    expect(joinDigests([digestOf(rows.slice(0, 70)), digestOf(rows.slice(70))])).toBe(digestOf(rows));
  });

  it('knows a row that stands twice from one that stands once, and from none', () => {
    const [first] = rows.map((row) => [row]);
    const once = digestOf(first ?? []);
    const twice = digestOf([...(first ?? []), ...(first ?? [])]);
    expect(new Set([digestOf([]), once, twice]).size).toBe(3);
  });
});
