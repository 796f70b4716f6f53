import { describe, expect, it } from '@jest/globals';
import { decode, findMembers } from './json-scan.pure.js';

/** A fixed sequence, so that a failure can be seen again. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const source = numbers(7);
const below = (limit: number): number => Math.floor(source.next().value * limit);
const oneOf = <T>(items: readonly [T, ...T[]]): T => items[below(items.length)] ?? items[0];

const NAMES = ['model', 'stream', 'n', 'max_tokens', 'other', 'mo\\u0064el', 'm"\\', 'é', ''] as const;

const space = (): string => oneOf(['', '', '', ' ', '\n', '\t\r\n']);

function text(): string {
  const parts = Array.from({ length: below(6) }, () =>
    oneOf([
      'a',
      '\\"',
      '\\\\',
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"x":'.replaceAll('"', '\\"'),
      'é',
      '\u2028',
      '\\u00e9',
      'word '.repeat(20),
    ]),
  );
  return `"${parts.join('')}"`;
}

function value(depth: number): string {
  const kind = below(depth > 3 ? 5 : 7);
  if (kind === 0) return oneOf(['true', 'false', 'null']);
  if (kind <= 2) return oneOf(['0', '-1', '12.5', '1e3', '1.5E-7', '9007199254740993', '-0.0']);
  if (kind <= 4) return text();
  if (kind === 5)
    return `[${space()}${Array.from({ length: below(4) }, () => value(depth + 1) + space()).join(`,${space()}`)}]`;
  return object(depth + 1);
}

function object(depth: number): string {
  const members = Array.from({ length: below(6) }, () => {
    const name = oneOf(NAMES);
    const written = name.includes('\\u') ? `"${name}"` : JSON.stringify(name);
    return `${space()}${written}${space()}:${space()}${value(depth)}${space()}`;
  });
  return `{${members.join(',') || space()}}`;
}

/** Breaks the text somewhere: a byte less, a byte more, or another one. */
function broken(json: string): string {
  const at = below(json.length);
  const insert = oneOf(['', ',', ':', '"', '{', ']', '1', 'x', '/**/', "'", '\\', 'NaN', '.', '-']);
  return json.slice(0, at) + insert + json.slice(at + below(2));
}

/** What is inside of strings the scan leaves alone: here all of them are made empty, and numbered names kept apart. */
const withoutStrings = (json: string): string => json.replace(/"(?:[^"\\]|\\[^])*"/g, '""');

const WANTED = new Set(['model', 'stream', 'n', 'max_tokens']);

const all = (json: string): ReturnType<typeof findMembers> => findMembers(Buffer.from(json), WANTED);

const isObject = (json: string): boolean => /^\s*\{/.test(json) && decode(json) !== undefined;

const asObject = (json: string): object => {
  const parsed = decode(json);
  return typeof parsed === 'object' && parsed !== null ? parsed : {};
};

describe('the scan for members', () => {
  it('finds what JSON.parse finds, in any object', () => {
    for (let round = 0; round < 5_000; round++) {
      const json = space() + object(0) + space();
      const found = all(json);
      expect([json, found]).not.toEqual([json, null]);
      const raw = new Map(found?.map(({ name, start, end }) => [name, Buffer.from(json).toString('utf8', start, end)]));
      const seen = Object.fromEntries([...raw].map(([name, text]) => [name, decode(text)]));
      // Of a name that stands there twice, JSON.parse takes the last one too.
      const wanted = Object.entries(asObject(json)).filter(([name]) => WANTED.has(name));
      expect([json, seen]).toEqual([json, Object.fromEntries(wanted)]);
    }
  });

  it('takes no structure that JSON.parse does not take, and refuses none that it takes', () => {
    let refused = 0;
    for (let round = 0; round < 20_000; round++) {
      const json = broken(object(0));
      const found = all(json);
      if (found === null) refused++;
      if (isObject(json)) expect([json, found]).not.toEqual([json, null]);
      else if (found !== null) expect([json, isObject(withoutStrings(json))]).toEqual([json, true]);
    }
    expect(refused).toBeGreaterThan(5_000);
  });

  it.each([
    '',
    ' ',
    '[]',
    '"x"',
    '1',
    '{',
    '{}x',
    '{"a":1,}',
    '{"a" 1}',
    '{a:1}',
    '{"a":01}',
    '{"a":+1}',
    '{"a":tru}',
    '{"a":1}{"a":2}',
    '\uFEFF{}',
  ])('refuses %j', (json) => expect(all(json)).toBeNull());

  it('sees every member of a name, however it is escaped', () => {
    expect(all('{"model":1,"mo\\u0064el":2,"x":{"model":3},"\\u006d\\u006fdel":4}')).toHaveLength(3);
  });

  it('is not led astray by quotes and backslashes at the end of strings', () => {
    expect(all('{"a":"\\\\","model":"x"}')).toHaveLength(1);
    expect(all('{"a":"\\\\\\"","model":"x"}')).toHaveLength(1);
    expect(all(`{"a":"${'y'.repeat(200)}\\\\","model":"x"}`)).toHaveLength(1);
    expect(all(`{"a":"${'y'.repeat(200)}\\","model":"x"}`)).toBeNull();
  });

  it('refuses nesting that no parser would follow', () => {
    const nested = (depth: number): string => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(all(nested(500))).toEqual([]);
    expect(all(nested(100_000))).toBeNull();
  });
});
