import { expect, it } from '@jest/globals';
import { restMs } from './rest.pure.js';

const NOW = Date.parse('2026-11-25T10:00:00Z');

it.each([
  [429, {}, 10_000],
  [401, {}, 60_000],
  [429, { 'retry-after': '7' }, 7_000],
  [429, { 'retry-after': '1.5' }, 1_500],
  [429, { 'retry-after': '7', 'retry-after-ms': '6500' }, 6_500],
  [403, { 'retry-after': '7' }, 7_000],
  [429, { 'retry-after': 'Wed, 25 Nov 2026 10:02:00 GMT' }, 120_000],
  [429, { 'retry-after': 'Wed, 25 Nov 2026 09:00:00 GMT' }, 1_000],
  [429, { 'retry-after': '0' }, 1_000],
  [429, { 'retry-after': '86400' }, 600_000],
  [429, { 'retry-after': 'soon' }, 10_000],
  [429, { 'retry-after': '-5' }, 1_000],
])('after a %d with %j a key rests for %d ms', (status, headers, expected) => {
  expect(restMs(status, headers, NOW)).toBe(expected);
});
