import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../platform/time.js';
import { Credential } from './credentials/credential.js';
import { CredentialSet } from './credentials/credential-set.js';
import { EchoUpstream } from './demo/echo-upstream.js';
import type { Provider } from './provider.js';
import { resolve } from './resolve.js';

const credentials = new CredentialSet(new Credential(null, 1, []), [], systemClock);

const provider = (name: string, serves: Provider['serves']): Provider => ({
  name,
  api: name === 'anthropic' ? 'anthropic' : 'openai',
  upstream: new EchoUpstream(),
  address: name === 'demo' ? null : { origin: `https://${name}.example`, root: '', credentials, headers: [] },
  availability: name.startsWith('closed') ? 'disabled' : 'open',
  needsOwnKey: name === 'keyless',
  serves,
});

const byName = (...all: Provider[]) => new Map(all.map((each) => [each.name, each]));

const providers = byName(
  provider('demo', (model, named) => named && model === 'echo'),
  provider('openai', (model, named) => named || /^(?:gpt|meta-llama)/.test(model)),
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
    expect(resolve(providers, requested, 'openai', false)).toEqual({ provider: providers.get(name), model });
  });

  it('leads only those to a provider without a configured key who bring one', () => {
    const all = byName(
      provider('keyless', () => true),
      provider('openai', () => true),
    );
    expect(resolve(all, 'gpt-4o', 'openai', false)?.provider.name).toBe('openai');
    expect(resolve(all, 'keyless/gpt-4o', 'openai', false)).toBeNull();
    expect(resolve(all, 'keyless/gpt-4o', 'openai', true)?.provider.name).toBe('keyless');
  });

  it('leads a key of the caller to no provider that it did not name, but for the inventor of the API', () => {
    const other = provider('other', () => true);
    expect(resolve(byName(other), 'llama', 'openai', true)).toBeNull();
    expect(resolve(byName(other), 'llama', 'openai', false)?.provider.name).toBe('other');
    expect(resolve(byName(other), 'other/llama', 'openai', true)?.provider.name).toBe('other');
    const openAi = provider('openai', () => true);
    expect(resolve(byName(other, openAi), 'llama', 'openai', true)?.provider.name).toBe('openai');
  });

  it.each(['echo', 'demo/other', 'claude', 'anthropic/claude', '/', 'constructor/x', '__proto__'])(
    'ends nowhere for %s',
    (requested) => {
      expect(resolve(providers, requested, 'openai', false)).toBeNull();
    },
  );

  it('leads past one that is switched off, and to it where no other has the model', () => {
    const all = byName(
      provider('closed', (model, named) => named || model !== 'elsewhere'),
      provider('openai', (model, named) => named || model === 'gpt-4o'),
    );
    expect(resolve(all, 'gpt-4o', 'openai', false)?.provider.name).toBe('openai');
    expect(resolve(all, 'llama', 'openai', false)?.provider.availability).toBe('disabled');
    expect(resolve(all, 'closed/gpt-4o', 'openai', false)?.provider.name).toBe('closed');
    expect(resolve(all, 'elsewhere', 'openai', false)).toBeNull();
  });
});
