import { describe, expect, it } from '@jest/globals';
import { readDecimal } from './decimal.pure.js';

describe('a written number', () => {
  it.each([
    ['12.50', '12.50'],
    ['-0.3', '-0.3'],
    ['+7', '7'],
    ['.5', '0.5'],
    ['5.', '5'],
    [' 1 ', '1'],
    ['2.5E-07', '0.00000025'],
    ['-1.5e3', '-1500'],
    ['1.2345e2', '123.45'],
    ['0e5', '0'],
    ['1,234.5', '1234.5'],
    ['1,234,567', '1234567'],
    ['1,234', '1234'],
    ["12'345.67", '12345.67'],
    [
      '123456789012345678901234567890.123456789012345678901234567890',
      '123456789012345678901234567890.123456789012345678901234567890',
    ],
  ])('%j with a decimal point is %s', (text, expected) => {
    expect(readDecimal(text, 'point')).toBe(expected);
  });

  it.each([
    ['1234,5', '1234.5'],
    ['1.234,5', '1234.5'],
    ['9,126E-05', '0.00009126'],
    ['1 234 567,89', '1234567.89'],
    ['1\u00a0234,5', '1234.5'],
    ['1.234', '1234'],
  ])('%j with a decimal comma is %s', (text, expected) => {
    expect(readDecimal(text, 'comma')).toBe(expected);
  });

  it.each([
    '12.3.4',
    '1,23.4',
    '12,5',
    'n/a',
    '',
    '-',
    '.',
    'e5',
    '1e',
    '0x10',
    'NaN',
    'Infinity',
    '$5',
    '1e999',
    '1,2345',
  ])('%j is none', (text) => {
    expect(readDecimal(text, 'point')).toBeNull();
  });

  it('is read without a known mark only where it is whole', () => {
    expect(readDecimal('1234', null)).toBe('1234');
    expect(readDecimal('1.234', null)).toBeNull();
    expect(readDecimal('1,234', null)).toBeNull();
    expect(readDecimal('0.5', null)).toBeNull();
  });
});
