import { describe, expect, it } from '@jest/globals';
import { EchoUpstream } from './demo/echo-upstream.js';
import type { Provider } from './provider.js';
import { resolve } from './resolve.js';

const provider = (name: string, serves: Provider['serves']): Provider => ({
  name,
  api: name === 'anthropic' ? 'anthropic' : 'openai',
  upstream: new EchoUpstream(),
  address: null,
  serves,
});

const providers = new Map(
  [
    provider('demo', (model, named) => named && model === 'echo'),
    provider('openai', (model, named) => named || /^(?:gpt|meta-llama)/.test(model)),
  ].map((each) => [each.name, each]),
);

describe('the way from a name to a provider', () => {
  it.each([
    ['gpt-4o', 'openai', 'gpt-4o'],
    ['openai/gpt-4o', 'openai', 'gpt-4o'],
    ['openai/anything', 'openai', 'anything'],
    ['openai/ft:gpt-4o/x', 'openai', 'ft:gpt-4o/x'],
    ['demo/echo', 'demo', 'echo'],
    ['meta-llama/llama-3', 'openai', 'meta-llama/llama-3'],
  ])('%s', (requested, name, model) => {
    expect(resolve(providers, requested, 'openai')).toEqual({ provider: providers.get(name), model });
  });

  it.each(['echo', 'demo/other', 'claude', 'anthropic/claude', '/', 'constructor/x', '__proto__'])(
    'ends nowhere for %s',
    (requested) => {
      expect(resolve(providers, requested, 'openai')).toBeNull();
    },
  );
});
