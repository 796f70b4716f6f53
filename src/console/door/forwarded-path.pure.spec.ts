import { describe, expect, it } from '@jest/globals';
import { forwardedPath } from './forwarded-path.pure.js';

describe('forwardedPath', () => {
  it.each([
    ['/api/cerebra/api/v1/budgets?limit=5', '/api/v1/budgets?limit=5'],
    ['/api/cerebra', '/'],
    ['/api/cerebra/', '/'],
    ['/api/cerebra?x=1', '/?x=1'],
    ['/api/cerebra/v1/models/gpt%2F4', '/v1/models/gpt%2F4'],
    ['/api/cerebra/a..b/...', '/a..b/...'],
    ['/api/cerebra/x?path=../../etc', '/x?path=../../etc'],
    ['/api/cerebra/100%25', '/100%25'],
  ])('%s asks for %s', (url, expected) => {
    const actual = forwardedPath(url, '/api/cerebra');
    expect(actual).toBe(expected);
  });

  it.each([
    '/api/cerebra/../aegis',
    '/api/cerebra/./x',
    '/api/cerebra/%2e%2e/x',
    '/api/cerebra/%252E%252e/x',
    '/api/cerebra/%25252e./x',
    '/api/cerebra/..%2fx',
    '/api/cerebra/..%5cx',
    '/api/cerebra/x\\..\\y',
    '/api/cerebra/x%00',
    '/api/cerebra/%zz',
    '/api/cerebr%61/x',
  ])('%s is not forwarded', (url) => {
    expect(forwardedPath(url, '/api/cerebra')).toBeNull();
  });
});
