import { describe, expect, it } from '@jest/globals';
import { nearest } from './nearest.pure.js';

const known = ['name', 'limit_usd', 'limit_tokens', 'period', 'entity_id', 'time_zone'];

describe('nearest', () => {
  it.each([
    ['limt_usd', 'limit_usd'],
    ['limitUsd', 'limit_usd'],
    ['limit-tokens', 'limit_tokens'],
    ['peroid', 'period'],
    ['Name', 'name'],
    ['nam', 'name'],
    ['timezone', 'time_zone'],
  ])('takes %s for %s', (name, meant) => expect(nearest(name, known)).toBe(meant));

  it.each(['budget', 'x', '', 'provider', 'n'.repeat(10_000)])('makes nothing of %.10s', (name) =>
    expect(nearest(name, known)).toBeNull(),
  );
});
