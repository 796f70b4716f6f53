import { describe, expect, it } from '@jest/globals';
import { readPairs } from './pairs.pure.js';

describe('key-value JSON', () => {
  it.each([
    '{"team":"platform","note":"the \\"blue\\" one, 50% off"}',
    '{"user:team": "data", "tier": 1, "spot": true, "owner": null}',
    '{}',
    '{"a":12345678901234567890.5}',
  ])('%s stays as written', (text) => {
    expect(readPairs(text)).toBe(text);
  });

  it('gets the braces that Azure leaves out', () => {
    expect(readPairs('"team": "platform","env": "prod"')).toBe('{"team": "platform","env": "prod"}');
  });

  it('is made of a list of keys and values, as Google writes labels', () => {
    expect(readPairs('[{"key":"team","value":"a"},{"key":"env","value":"prod"}]')).toBe('{"team":"a","env":"prod"}');
    expect(readPairs('[]')).toBe('{}');
  });

  it.each([
    '{"team":"op',
    'team=platform',
    '["a"]',
    '42',
    '{"a":{"b":1}}',
    '{"a":[1]}',
    '{"a":"\\u0000"}',
    '{"\\u0000":"a"}',
    '{"a":"\\ud800"}',
    '{"a":1e99999}',
    '{"a":1e-99999}',
  ])('%s is none', (text) => {
    expect(readPairs(text)).toBeNull();
  });
});
