import { describe, expect, it } from '@jest/globals';
import type { Environment } from './environment.js';
import { ConfigurationError, parseVariables, type ConfigurationFault } from './faults.js';
import { platformConfig } from './platform.config.js';
import { toSettings, type Settings } from './settings.js';

function settingsOf(environment: Environment): Settings {
  const faults: ConfigurationFault[] = [];
  const config = parseVariables(platformConfig, environment, faults);
  if (config === undefined) throw new ConfigurationError(faults);
  const contexts = ['a', 'b'].map((name, index) => ({ name, port: 9_001 + index, config: {} }));
  return toSettings(config, contexts, false);
}

const key = Buffer.alloc(32, 1).toString('base64');
const earlier = Buffer.alloc(32, 2).toString('base64');

describe('each variable', () => {
  it.each<[Environment, Partial<Settings>]>([
    [{}, { host: '127.0.0.1', loopback: true, databaseUrl: null, redisUrl: null, masterKeys: [], threads: true }],
    [{ OCO_HOST: '0.0.0.0' }, { host: '0.0.0.0', loopback: false, publicMetrics: false, publicDocs: false }],
    [{ OCO_HOST: 'localhost' }, { host: '127.0.0.1', loopback: true, publicMetrics: true, publicDocs: true }],
    [{ OCO_HOST: '::1' }, { loopback: true }],
    [{ OCO_DATA_DIR: '/srv/oco' }, { dataDir: '/srv/oco' }],
    [{ OCO_ADMIN_KEY: 'k'.repeat(24) }, { adminKey: 'k'.repeat(24) }],
    [{ OCO_MASTER_KEY: key }, { masterKeys: [key] }],
    [{ OCO_MASTER_KEY: key, OCO_MASTER_KEY_PREVIOUS: earlier }, { masterKeys: [key, earlier] }],
    [{ OCO_PUBLIC_METRICS: 'false' }, { publicMetrics: false, publicDocs: true }],
    [
      { OCO_HOST: '0.0.0.0', OCO_PUBLIC_DOCS: 'true' },
      { publicDocs: true, publicMetrics: false },
    ],
    [{ OCO_STRICT: '1' }, { strict: true }],
    [{ OCO_THREADS: 'false' }, { threads: false }],
    [{ OCO_STALL_MS: '1500' }, { stallMs: 1_500 }],
    [{ OCO_CONTEXT_HEAP_MB: '128' }, { contextHeapMb: 128 }],
    [{ OCO_SHUTDOWN_MS: '0' }, { shutdownMs: 0 }],
    [{ DATABASE_URL: 'postgres://u:p@h/d', POSTGRES_HOST: 'x' }, { databaseUrl: 'postgres://u:p@h/d' }],
    [{ POSTGRES_HOST: 'db' }, { databaseUrl: 'postgres://postgres@db:5432/opencloudops' }],
    [
      {
        POSTGRES_HOST: '::1',
        POSTGRES_PORT: '5433',
        POSTGRES_DB: 'a b',
        POSTGRES_USER: 'me',
        POSTGRES_PASSWORD: 'p@:/',
      },
      { databaseUrl: 'postgres://me:p%40%3A%2F@[::1]:5433/a%20b' },
    ],
    [{ REDIS_URL: 'rediss://r:1', REDIS_HOST: 'x' }, { redisUrl: 'rediss://r:1' }],
    [{ REDIS_HOST: 'cache', REDIS_PORT: '6380', REDIS_PASSWORD: 's' }, { redisUrl: 'redis://:s@cache:6380' }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, { otlpEndpoint: 'http://collector:4318' }],
    [{ LOG_LEVEL: 'warn' }, { logLevel: 'warn', logFormat: 'json' }],
    [{ LOG_FORMAT: 'pretty' }, { logFormat: 'pretty' }],
  ])('%j', (environment, expected) => expect(settingsOf(environment)).toMatchObject(expected));

  it.each([
    ['POSTGRES_HOST', 'bad host'],
    ['POSTGRES_HOST', '/var/run/postgresql'],
    ['POSTGRES_HOST', 'user@db'],
    ['REDIS_HOST', 'a b'],
    ['OCO_MASTER_KEY', 'c2hvcnQ='],
    ['OCO_PUBLIC_DOCS', 'yes'],
    ['DATABASE_URL', 'postgres//nothing'],
    ['LOG_LEVEL', 'loud'],
    ['OCO_DATA_DIR', `/srv/${'x'.repeat(80)}`],
  ])('refuses %s=%s', (variable, value) => {
    expect(() => settingsOf({ [variable]: value })).toThrow(new RegExp(`^${variable}: expected `));
  });
});
