import { expect } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { expressionOf } from './case-column.js';
import type { ExpectedCharges } from './field-case.js';

/** Compared by value, in the database. */
export async function expectCharges(dataSource: DataSource, expected: readonly ExpectedCharges[]): Promise<void> {
  for (const { where, currency, billed, effective, rows } of expected) {
    const conditions = Object.keys(where).map((key, n) => `${expressionOf(key)} IS NOT DISTINCT FROM $${n + 4}`);
    const [found]: object[] = await dataSource.query(
      `SELECT coalesce(sum(billed_cost), 0)::text AS billed, coalesce(sum(billed_cost), 0) = $1::numeric AS "billedHolds",
         $2::numeric IS NULL OR coalesce(sum(effective_cost), 0) = $2::numeric AS "effectiveHolds", count(*)::int AS rows
       FROM economist.charges WHERE ${['billing_currency = $3', ...conditions].join(' AND ')}`,
      [billed, effective ?? null, currency, ...Object.values(where)],
    );
    expect({ where, ...found }).toEqual({
      where,
      billed: expect.any(String),
      billedHolds: true,
      effectiveHolds: true,
      rows: rows ?? expect.any(Number),
    });
  }
  if (expected.some(({ where }) => Object.keys(where).length === 0)) {
    // What is said of the whole ledger is said of all its currencies.
    const others: unknown[] = await dataSource.query(
      'SELECT DISTINCT billing_currency FROM economist.charges WHERE billing_currency <> ALL($1)',
      [expected.map(({ currency }) => currency)],
    );
    expect(others).toEqual([]);
  }
}
