import { describe, expect, it } from '@jest/globals';
import type { RollupUnit } from '../ledger/rollups.js';
import { instant } from '../../platform/time.js';
import { stretchesOf } from './stretches.pure.js';

const at = (text: string) => instant(Date.parse(`2026-${text}Z`));
const NOW = at('12-31T00:00');

const cut = (from: string, to: string, coarsest: RollupUnit = 'day', now = NOW): string[] =>
  stretchesOf({ from: at(from), to: at(to) }, coarsest, now).map(
    (stretch) =>
      `${stretch.source} ${new Date(stretch.from).toISOString().slice(5, 23)} ${new Date(stretch.to).toISOString().slice(5, 23)}`,
  );

describe('the stretches of a period', () => {
  it.each([
    ['whole days', '11-01T00:00', '11-03T00:00', ['day 11-01T00:00:00.000 11-03T00:00:00.000']],
    ['whole hours', '11-01T01:00', '11-01T03:00', ['hour 11-01T01:00:00.000 11-01T03:00:00.000']],
    ['less than an hour', '11-01T01:10', '11-01T01:50', ['row 11-01T01:10:00.000 11-01T01:50:00.000']],
    [
      'ragged on both sides',
      '11-01T22:30',
      '11-04T01:00:00.001',
      [
        'row 11-01T22:30:00.000 11-01T23:00:00.000',
        'hour 11-01T23:00:00.000 11-02T00:00:00.000',
        'day 11-02T00:00:00.000 11-04T00:00:00.000',
        'hour 11-04T00:00:00.000 11-04T01:00:00.000',
        'row 11-04T01:00:00.000 11-04T01:00:00.001',
      ],
    ],
    ['around midnight', '11-01T23:59', '11-02T00:01', ['row 11-01T23:59:00.000 11-02T00:01:00.000']],
  ])('%s', (_, from, to, expected) => expect(cut(from, to)).toEqual(expected));

  it('has months between days where those will do', () => {
    expect(cut('01-30T00:00', '04-02T00:00', 'month')).toEqual([
      'day 01-30T00:00:00.000 02-01T00:00:00.000',
      'month 02-01T00:00:00.000 04-01T00:00:00.000',
      'day 04-01T00:00:00.000 04-02T00:00:00.000',
    ]);
    expect(cut('02-02T00:00', '03-31T00:00', 'month')).toEqual(['day 02-02T00:00:00.000 03-31T00:00:00.000']);
  });

  it('has no days where only hours will do', () => {
    expect(cut('11-01T00:00', '11-03T00:00', 'hour')).toEqual(['hour 11-01T00:00:00.000 11-03T00:00:00.000']);
  });

  it('reads up to the end of today what lasts until now', () => {
    const now = at('11-25T12:34:56.789');
    expect(cut('11-01T00:00', '11-25T12:34:56.790', 'day', now)).toEqual(['day 11-01T00:00:00.000 11-26T00:00:00.000']);
    expect(cut('11-01T00:00', '11-25T12:34:56.790', 'month', now)).toEqual([
      'month 11-01T00:00:00.000 12-01T00:00:00.000',
    ]);
    // But not where it ended before.
    expect(cut('11-25T12:00', '11-25T12:34:56.789', 'day', now)).toEqual(['row 11-25T12:00:00.000 11-25T12:34:56.789']);
  });
});
