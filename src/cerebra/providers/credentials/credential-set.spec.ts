import { beforeEach, describe, expect, it } from '@jest/globals';
import { instant } from '../../../platform/time.js';
import { Credential } from './credential.js';
import { CredentialSet } from './credential-set.js';

let now = instant(0);
const clock = { now: () => now };
beforeEach(() => {
  now = instant(1_000_000);
});

function setOf(...weights: number[]) {
  const [first = new Credential('none', 1, []), ...others] = weights.map(
    (weight, index) => new Credential(`key-${index}`, weight, []),
  );
  const set = new CredentialSet(first, others, clock);
  const refuse = (credential: Credential, status: number, headers = {}, tried = [credential]): string | null => {
    credential.answered(status);
    return set.successorOf(credential, status, headers, new Set(tried))?.id ?? null;
  };
  const picks = (calls: number): string => Array.from({ length: calls }, () => set.pick().id?.slice(-1)).join('');
  return { set, keys: [first, ...others], first, second: others[0] ?? first, third: others[1] ?? first, refuse, picks };
}

describe('several keys of a provider', () => {
  it('share the calls by weight, evenly spread', () => {
    expect(setOf(1, 1).picks(6)).toBe('010101');
    const spread = setOf(5, 1, 1).picks(70);
    expect(['0', '1', '2'].map((key) => spread.split(key).length - 1)).toEqual([50, 10, 10]);
    expect(spread).not.toContain('000000');
  });

  it('take over from each other, each once a call', () => {
    const { first, second, third, refuse } = setOf(1, 1, 1);
    const next = refuse(first, 429);
    expect(['key-1', 'key-2']).toContain(next);
    const other = next === 'key-1' ? second : third;
    expect(refuse(other, 429, {}, [first, other])).toBe(next === 'key-1' ? 'key-2' : 'key-1');
  });

  it.each([401, 402, 403, 429])('rest after a %s, and are used again when that is over', (status) => {
    const { first, refuse, picks } = setOf(1, 1);
    expect(refuse(first, status)).toBe('key-1');
    expect(first.stateAt(now)).toBe(status === 429 ? 'resting' : 'failing');
    expect(picks(4)).toBe('1111');
    now = instant(first.restsUntilMs);
    expect(picks(4)).toContain('0');
  });

  it.each([200, 400, 404, 408, 500, 529])('do not rest after a %s', (status) => {
    const { first, refuse } = setOf(1, 1);
    expect(refuse(first, status)).toBeNull();
    expect(first.stateAt(now)).toBe('active');
  });

  it('rest for as long as the provider asks', () => {
    const { first, refuse } = setOf(1, 1);
    refuse(first, 429, { 'retry-after': '42' });
    expect(first.restsUntilMs).toBe(now + 42_000);
  });

  it('never rest all at once: the last one passes on what it is told, and goes through no limited one', () => {
    const { first, second, refuse, picks } = setOf(1, 1);
    refuse(first, 429, { 'retry-after': '60' });
    expect(refuse(second, 429)).toBeNull();
    expect(second.stateAt(now)).toBe('active');
    expect(picks(3)).toBe('111');
  });

  it('that are only limited take over from one that is denied', () => {
    const { first, second, refuse } = setOf(1, 1);
    refuse(first, 429, { 'retry-after': '60' });
    expect(refuse(second, 401)).toBe('key-0');
    expect(refuse(second, 401, {}, [second, first])).toBeNull();
  });

  it('fall back, when all rest, to the first that is back and was not denied', () => {
    const { first, second, third, refuse, set } = setOf(1, 1, 1);
    refuse(first, 403);
    refuse(second, 429, { 'retry-after': '300' });
    expect(refuse(third, 401)).toBe('key-1');
    expect(set.pick()).toBe(second);
  });

  it('are no longer failing once a call with them succeeds', () => {
    const { first, refuse } = setOf(1, 1);
    refuse(first, 401);
    now = instant(first.restsUntilMs);
    expect(first.stateAt(now)).toBe('failing');
    first.answered(500);
    expect(first.stateAt(now)).toBe('failing');
    first.answered(200);
    expect(first.stateAt(now)).toBe('active');
  });
});

it('a lone key never rests, and still shows that it is denied', () => {
  const { set, first, refuse } = setOf(1);
  expect(refuse(first, 429)).toBeNull();
  expect(first.stateAt(now)).toBe('active');
  expect(refuse(first, 401)).toBeNull();
  expect(first.stateAt(now)).toBe('failing');
  expect([set.lone, set.pick()]).toEqual([first, first]);
});
