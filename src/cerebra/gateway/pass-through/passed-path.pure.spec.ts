import { describe, expect, it } from '@jest/globals';
import { belowRoot, passedPath } from './passed-path.pure.js';

describe('the path of a call that is passed through', () => {
  it.each([
    ['/api/v1/proxy/openai/v1/files', 'openai', '/v1/files'],
    ['/v1/proxy/openai/v1/files', 'openai', '/v1/files'],
    [
      '/v1/proxy/team-azure/openai/deployments/a..b/chat/completions',
      'team-azure',
      '/openai/deployments/a..b/chat/completions',
    ],
    ['/v1/proxy/openai/', 'openai', '/'],
    ['/v1/proxy/openai/...', 'openai', '/...'],
  ])('%s', (path, provider, rest) => {
    expect(passedPath(path)).toEqual({ provider, path: rest });
  });

  it.each([
    '/v1/chat/completions',
    '/v1/proxy',
    '/v1/proxy/openai',
    '/v1/proxy/openai/..',
    '/v1/proxy/openai/v1/../../admin',
    '/v1/proxy/openai/v1/%2e%2E/admin',
    '/v1/proxy/openai/v1/.%2e/admin',
    '/v1/proxy/openai/v1%2f..%2fadmin',
    '/v1/proxy/openai/v1/..\\admin',
    '/v1/proxy/openai/./v1',
  ])('is none in %s', (path) => {
    expect(passedPath(path)).toBeNull();
  });

  it.each([
    ['/v1/files', '/v1', '/files'],
    ['/files', '/v1', '/files'],
    ['/v1beta/files', '/v1', '/v1beta/files'],
    ['/v1', '/v1', ''],
    ['/v1/files', '', '/v1/files'],
  ])('%s below %p is %s', (path, root, below) => {
    expect(belowRoot(path, root)).toBe(below);
  });
});
