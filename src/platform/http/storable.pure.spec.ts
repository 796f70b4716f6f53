import { describe, expect, it } from '@jest/globals';
import { isStorable, unstorablePath } from './storable.pure.js';

describe('unstorablePath', () => {
  it.each([
    ['plain', null],
    ['\u{1F600} whole pairs', null],
    ['nul\0', []],
    ['\ud800', []],
    [{ name: 'x', tags: { a: '\udc00' } }, ['tags', 'a']],
    [{ list: ['a', { b: '\0' }] }, ['list', '1', 'b']],
    [{ tags: { 'a\0': 'b' } }, ['tags']],
    [{ n: 1, b: true, z: null }, null],
  ])('%j: %j', (value, path) => expect(unstorablePath(value)).toEqual(path));
});

it('isStorable takes any text that a database can give back', () => {
  expect(isStorable('äöü\n\t')).toBe(true);
});
