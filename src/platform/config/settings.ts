import type { PlatformConfig } from './platform.config.js';
import { inUrl } from './variables.js';

export interface ContextSettings {
  readonly name: string;
  readonly port: number;
  /** As the context's own schema made it. */
  readonly config: object;
}

/** All that configuration decides, frozen. Plain data: it is cloned into each context's thread. */
export interface Settings {
  readonly host: string;
  readonly loopback: boolean;
  readonly dataDir: string;
  readonly adminKey: string | null;
  /** The first seals, all of them open. Empty: made in the data directory when the database is embedded. */
  readonly masterKeys: readonly string[];
  readonly publicMetrics: boolean;
  readonly publicDocs: boolean;
  readonly strict: boolean;
  readonly threads: boolean;
  readonly stallMs: number;
  readonly contextHeapMb: number;
  readonly auditRetentionDays: number;
  readonly shutdownMs: number;
  /** Null: the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  /** Null: counters in memory, jobs in PostgreSQL, one process only. */
  readonly redisUrl: string | null;
  readonly otlpEndpoint: string | null;
  readonly logLevel: PlatformConfig['LOG_LEVEL'];
  readonly logFormat: 'pretty' | 'json';
  /** Only those that are on, in the order of the registry. */
  readonly contexts: readonly ContextSettings[];
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/;

export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

function postgresUrl(config: PlatformConfig): string | null {
  if (config.DATABASE_URL !== undefined) return config.DATABASE_URL;
  if (config.POSTGRES_HOST === undefined) return null;
  const url = new URL(
    `postgres://${inUrl(config.POSTGRES_HOST)}:${config.POSTGRES_PORT}/${encodeURIComponent(config.POSTGRES_DB)}`,
  );
  url.username = config.POSTGRES_USER;
  url.password = config.POSTGRES_PASSWORD ?? '';
  return url.href;
}

function redisUrl(config: PlatformConfig): string | null {
  if (config.REDIS_URL !== undefined) return config.REDIS_URL;
  if (config.REDIS_HOST === undefined) return null;
  const url = new URL(`redis://${inUrl(config.REDIS_HOST)}:${config.REDIS_PORT}`);
  url.password = config.REDIS_PASSWORD ?? '';
  return url.href;
}

export function toSettings(config: PlatformConfig, contexts: readonly ContextSettings[], terminal: boolean): Settings {
  const loopback = isLoopback(config.OCO_HOST);
  const previous = config.OCO_MASTER_KEY_PREVIOUS?.split(',').map((key) => key.trim()) ?? [];
  return Object.freeze({
    // The name stands for two addresses, and the listener would open both.
    host: config.OCO_HOST === 'localhost' ? '127.0.0.1' : config.OCO_HOST,
    loopback,
    dataDir: config.OCO_DATA_DIR,
    adminKey: config.OCO_ADMIN_KEY ?? null,
    masterKeys: config.OCO_MASTER_KEY === undefined ? [] : [config.OCO_MASTER_KEY, ...previous],
    publicMetrics: config.OCO_PUBLIC_METRICS ?? loopback,
    publicDocs: config.OCO_PUBLIC_DOCS ?? loopback,
    strict: config.OCO_STRICT,
    threads: config.OCO_THREADS && contexts.length > 1,
    stallMs: config.OCO_STALL_MS,
    contextHeapMb: config.OCO_CONTEXT_HEAP_MB,
    auditRetentionDays: config.OCO_AUDIT_RETENTION_DAYS,
    shutdownMs: config.OCO_SHUTDOWN_MS,
    databaseUrl: postgresUrl(config),
    redisUrl: redisUrl(config),
    otlpEndpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    logLevel: config.LOG_LEVEL,
    logFormat: config.LOG_FORMAT ?? (terminal ? 'pretty' : 'json'),
    contexts: Object.freeze(contexts),
  });
}
