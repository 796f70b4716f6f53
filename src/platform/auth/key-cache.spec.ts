import { describe, expect, it } from '@jest/globals';
import { instant } from '../time.js';
import { digestOf, type AccessKey } from './access-key.js';
import { KeyCache } from './key-cache.js';

const key = (id: string): AccessKey => ({
  id,
  name: id,
  role: 'viewer',
  modules: null,
  prefix: 'oco_viewer_abcd',
  createdAt: instant(0),
  createdBy: null,
  expiresAt: null,
});

describe('KeyCache', () => {
  const setUp = () => {
    const clock = { ms: 0 };
    const cache = new KeyCache(() => clock.ms);
    let loads = 0;
    const find = (name: string, found: AccessKey | null = key(name)): Promise<AccessKey | null> =>
      cache.find(digestOf(name), async () => {
        loads += 1;
        return found;
      });
    return { cache, clock, find, loads: () => loads };
  };

  it('asks once for calls that come together, and again after a second', async () => {
    const { clock, find, loads } = setUp();
    await Promise.all([find('a'), find('a')]);
    clock.ms = 999;
    expect(await find('a')).toEqual(key('a'));
    expect(loads()).toBe(1);
    clock.ms = 1_000;
    await find('a');
    expect(loads()).toBe(2);
  });

  it('remembers neither keys that do not exist nor look-ups that failed', async () => {
    const { cache, find, loads } = setUp();
    expect(await find('a', null)).toBeNull();
    expect(await find('a')).toEqual(key('a'));
    expect(loads()).toBe(2);
    const away = cache.find(digestOf('b'), () => Promise.reject(new Error('away')));
    await expect(away).rejects.toThrow('away');
    expect(await find('b')).toEqual(key('b'));
  });

  it('holds a thousand at most, and forgets the oldest', async () => {
    const { find, loads } = setUp();
    for (let index = 0; index <= 1_000; index += 1) await find(`key ${index}`);
    await find('key 1000');
    await find('key 1');
    expect(loads()).toBe(1_001);
    await find('key 0');
    expect(loads()).toBe(1_002);
  });
});
