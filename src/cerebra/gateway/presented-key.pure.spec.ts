import { describe, expect, it } from '@jest/globals';
import type { Caller } from '../identity/caller.js';
import { ownCredential, presentedKey } from './presented-key.pure.js';

const caller = (keyId: string | null): Caller => ({
  keyId,
  orgId: null,
  teamId: null,
  agentId: null,
  userId: null,
  tags: {},
  allowedModels: null,
  limits: null,
  clampOutput: false,
});

describe('the key that a caller shows', () => {
  it.each([
    [{ authorization: 'Bearer a', 'x-api-key': 'b' }, {}, 'a', ['authorization', 'Bearer a']],
    [{ 'x-api-key': 'b', 'x-goog-api-key': 'c' }, {}, 'b', ['x-api-key', 'b']],
    [{ 'x-goog-api-key': 'c' }, { key: 'd' }, 'c', ['x-goog-api-key', 'c']],
    [{}, { key: 'd' }, 'd', ['x-goog-api-key', 'd']],
  ])('%j and query %j: the first, and it alone goes on', (headers, query, key, credential) => {
    expect(presentedKey(headers, query)).toBe(key);
    expect(ownCredential(caller(null), headers, query)).toEqual(credential);
    expect(ownCredential(caller('a virtual one'), headers, query)).toBeNull();
  });

  it.each([
    [{ authorization: 'Basic b2NvOg==', 'x-api-key': 'b' }, {}],
    [{}, { key: ['a', 'b'] }],
    [{}, { key: 'a\r\nx-injected: 1' }],
    [{}, null],
  ])('%j and query %j: none', (headers, query) => {
    expect(presentedKey(headers, query)).toBeUndefined();
  });
});
