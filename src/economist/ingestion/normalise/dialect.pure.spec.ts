import { describe, expect, it } from '@jest/globals';
import { dialectOf, markEvidence, orderEvidence } from './dialect.pure.js';

describe('what a value tells of its dialect', () => {
  it.each([
    ['1234.5', 'point'],
    ['1234,5', 'comma'],
    ['0.1', 'point'],
    ['0,123', 'comma'],
    ['-0,123', 'comma'],
    ['.125', 'point'],
    ['1234.567', 'point'],
    ['1.2345', 'point'],
    ['9,126E-05', 'comma'],
    ['1.234e3', 'point'],
    ['1,234.50', 'point'],
    ['1.234,50', 'comma'],
    ['1,234,567', 'point'],
    ['1.234.567', 'comma'],
    ['1 234,567', 'comma'],
    ["1'234.567", 'point'],
    ['1.234', 'open'],
    ['-12,345', 'open'],
    ['123', null],
    ['12.3.4', null],
    ['1,2,3', null],
    ['n/a', null],
    ['', null],
    ['2026-03-01', null],
  ])('amount %j: %s', (text, expected) => {
    expect(markEvidence(text)).toBe(expected);
  });

  it.each([
    ['03/13/2026', 'month-first'],
    ['13/03/2026', 'day-first'],
    ['13-3-2026 10:00', 'day-first'],
    ['03/02/2026', 'open'],
    ['03/03/2026', null],
    ['2026-03-02', null],
    ['02.03.2026', null],
  ])('date %j: %s', (text, expected) => {
    expect(orderEvidence(text)).toBe(expected);
  });
});

describe('the format of a mapping', () => {
  it.each([
    ['1.234,56', 'decimal', { decimalMark: 'comma', dateOrder: null }],
    ['#,##0.00', 'decimal', { decimalMark: 'point', dateOrder: null }],
    ['DD/MM/YYYY', 'time', { decimalMark: null, dateOrder: 'day-first' }],
    ['%m/%d/%Y %H:%M', 'time', { decimalMark: null, dateOrder: 'month-first' }],
    ['dd.MM.yyyy HH:mm', 'time', { decimalMark: null, dateOrder: 'day-first' }],
    ['euros', 'decimal', null],
    ['YYYY', 'time', null],
  ] as const)('%s', (format, of, expected) => {
    expect(dialectOf(format, of)).toEqual(expected);
  });
});
