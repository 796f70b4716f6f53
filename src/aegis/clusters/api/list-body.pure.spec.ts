import { describe, expect, it } from '@jest/globals';
import { splitList } from './list-body.pure.js';

const type = { apiVersion: 'example.test/v1', kind: 'Thing' };
const split = (text: string) => {
  const { items, envelope } = splitList(Buffer.from(text), type);
  return { items: items.map(String), envelope };
};

describe('a list is cut into its objects', () => {
  it('byte for byte: large integers, escapes and strange keys stay as they were sent', () => {
    const object =
      '{"apiVersion":"a/v1","kind":"A","spec":{"n":9007199254740993,"t":"\\"}]{[\\\\","__proto__":{"items":[{"a":1}]},"d":1.0}}';
    expect(split(`{"apiVersion":"a/v1","items":[${object},${object}],"kind":"AList"}`)).toEqual({
      items: [object, object],
      envelope: '{"apiVersion":"a/v1","items":[],"kind":"AList"}',
    });
  });

  it.each([
    ['nothing', '{"metadata":{"name":"a"}}', '{"kind":"Thing","apiVersion":"example.test/v1","metadata":{"name":"a"}}'],
    ['its kind', '{"kind":"Other","a":1}', '{"apiVersion":"example.test/v1","kind":"Other","a":1}'],
    ['its version', '{"apiVersion":"v2","a":1}', '{"kind":"Thing","apiVersion":"v2","a":1}'],
    [
      'it only further down',
      '{"spec":{"kind":"X","apiVersion":"Y"}}',
      '{"kind":"Thing","apiVersion":"example.test/v1","spec":{"kind":"X","apiVersion":"Y"}}',
    ],
    [
      'it as a value',
      '{"a":"kind","b":"apiVersion"}',
      '{"kind":"Thing","apiVersion":"example.test/v1","a":"kind","b":"apiVersion"}',
    ],
    ['nothing at all', '{}', '{"kind":"Thing","apiVersion":"example.test/v1"}'],
  ])('and given the type that they lack, where an object says %s', (_what, object, whole) => {
    expect(split(`{"items":[${object}]}`).items).toEqual([whole]);
  });

  it('with white space, and with what stands before and behind', () => {
    const list =
      '{ "metadata" : { "continue" : "x" },\n "items" : [ {"kind" : "A", "apiVersion":"b"} , {"kind":"C","apiVersion":"d"} ]\n}';
    expect(split(list)).toEqual({
      items: ['{"kind" : "A", "apiVersion":"b"}', '{"kind":"C","apiVersion":"d"}'],
      envelope: '{ "metadata" : { "continue" : "x" },\n "items" : []\n}',
    });
  });

  it.each([
    ['an empty list', '{"items":[],"metadata":{}}'],
    ['a list without an array', '{"items":null,"metadata":{"managed":[{"a":1}]}}'],
    ['no list', '{"kind":"Status","details":{"items":[{"a":1}]},"also":"items","more":[{"b":2}]}'],
  ])('%s has none', (_what, text) => {
    expect(split(text)).toEqual({ items: [], envelope: text });
  });

  it('text beyond ASCII stays whole', () => {
    const object = '{"kind":"K","apiVersion":"v","t":"żółć 🧊"}';
    expect(split(`{"items":[${object}]}`).items).toEqual([object]);
  });
});
