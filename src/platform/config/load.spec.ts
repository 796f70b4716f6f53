import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { ContextRegistry } from '../bounded-context.js';
import { ConfigurationError } from './faults.js';
import { loadConfiguration } from './load.js';
import { integer } from './variables.js';

class FakeModule {}
const loaded: string[] = [];

const entry = (name: string, defaultPort: number) => ({
  defaultPort,
  load: async () => {
    loaded.push(name);
    const config = z.object({ [`${name.toUpperCase()}_SIZE`]: integer(1, 10, 5) });
    return { name, title: name, description: '', config, errors: {}, module: FakeModule };
  },
});
const registry: ContextRegistry = { alpha: entry('alpha', 9001), beta: entry('beta', 9002) };

describe('loadConfiguration', () => {
  it('reports every fault at once, with variable, expected form and value, secrets masked', async () => {
    const environment = {
      ALPHA_PORT: 'eighty',
      BETA_SIZE: '11',
      OCO_STALL_MS: '-1',
      OCO_ADMIN_KEY: 'short',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
    };
    const failure = await loadConfiguration(environment, registry).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigurationError);
    const message = failure instanceof Error ? failure.message : '';
    expect(message.split('\n').sort()).toEqual([
      'ALPHA_PORT: expected a whole number from 1 to 65535 (a TCP port), got "eighty"',
      'BETA_SIZE: expected a whole number from 1 to 10, got "11"',
      'DATABASE_URL: expected a URL that begins with postgres:// or postgresql://, got •••• (25 characters)',
      'OCO_ADMIN_KEY: expected at least 24 characters without spaces, got •••• (5 characters)',
      'OCO_STALL_MS: expected a whole number from 1000 to 600000 (milliseconds), got "-1"',
    ]);
    expect(message).not.toContain('hunter2');
  });

  it('never imports a context that is off', async () => {
    loaded.length = 0;
    const { settings } = await loadConfiguration({ ALPHA_ENABLED: 'false' }, registry);
    expect(loaded).toEqual(['beta']);
    expect(settings.contexts.map((context) => context.name)).toEqual(['beta']);
    expect(settings.threads).toBe(false);
  });

  it('refuses two contexts on one port, and no context at all', async () => {
    await expect(loadConfiguration({ BETA_PORT: '9001' }, registry)).rejects.toThrow(
      'BETA_PORT: expected a port of its own; ALPHA_PORT has the same, got "9001"',
    );
    await expect(loadConfiguration({ ALPHA_ENABLED: 'false', BETA_ENABLED: '0' }, registry)).rejects.toThrow(
      'ALPHA_ENABLED, BETA_ENABLED: expected at least one to be true',
    );
  });
});
