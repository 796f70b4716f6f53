import { describe, expect, it } from '@jest/globals';
import { decodeCursor, encodeCursor, pageOf } from './page.pure.js';

describe('pageOf', () => {
  it('gives a cursor where there is more, and none at the end', () => {
    const page = pageOf([{ id: 1 }, { id: 2 }, { id: 3 }], 2, ({ id }) => [id]);
    expect(page.items).toEqual([{ id: 1 }, { id: 2 }]);
    expect(decodeCursor(page.nextCursor ?? '')).toEqual([2]);
    expect(pageOf([{ id: 1 }, { id: 2 }], 2, ({ id }) => [id]).nextCursor).toBeNull();
    expect(pageOf<{ id: number }>([], 2, ({ id }) => [id])).toEqual({ items: [], nextCursor: null });
  });
});

describe('decodeCursor', () => {
  it('takes back what was encoded', () => {
    expect(decodeCursor(encodeCursor(['2026-01-01T00:00:00.000Z', 'ü', 1.5]))).toEqual([
      '2026-01-01T00:00:00.000Z',
      'ü',
      1.5,
    ]);
  });

  it('refuses each cursor that differs in one character', () => {
    const cursor = encodeCursor([1, 'a']);
    for (let index = 0; index < cursor.length; index += 1) {
      const changed = cursor.slice(0, index) + (cursor[index] === 'x' ? 'y' : 'x') + cursor.slice(index + 1);
      expect(decodeCursor(changed)).toBeNull();
    }
  });

  it.each(['', 'x', '12345678', 'not a cursor at all'])('refuses %j', (text) => expect(decodeCursor(text)).toBeNull());
});
