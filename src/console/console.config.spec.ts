import { describe, expect, it } from '@jest/globals';
import { consoleConfig } from './console.config.js';

describe('consoleConfig', () => {
  it.each([
    [{}, 'http://127.0.0.1:8080'],
    [{ CEREBRA_PORT: '9090' }, 'http://127.0.0.1:9090'],
    [{ OCO_HOST: '0.0.0.0' }, 'http://127.0.0.1:8080'],
    [{ OCO_HOST: '::' }, 'http://127.0.0.1:8080'],
    [{ OCO_HOST: '192.168.1.5' }, 'http://192.168.1.5:8080'],
    [{ OCO_HOST: '::1' }, 'http://[::1]:8080'],
    [{ CEREBRA_URL: 'https://gateway.internal', OCO_HOST: '10.0.0.1' }, 'https://gateway.internal'],
  ])('%j finds the gateway at %s', (variables, expected) => {
    expect(consoleConfig.parse(variables).upstreams.cerebra).toBe(expected);
  });
});
