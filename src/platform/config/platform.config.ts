import { relative, resolve } from 'node:path';
import { z } from 'zod';
import {
  choice,
  flag,
  integer,
  optionalFlag,
  optionalHost,
  optionalText,
  optionalUrl,
  port,
  secret,
  text,
} from './variables.js';

const ADMIN_KEY_FORM = 'at least 24 characters without spaces';
const MASTER_KEY_FORM = '32 bytes in base64, as `openssl rand -base64 32` prints them';

/** Sockets in it must stay within the 103 bytes that systems allow for their paths, absolute or from here. */
const MAX_DATA_DIR_BYTES = 70;
const DATA_DIR_FORM = `a folder whose path has at most ${MAX_DATA_DIR_BYTES} bytes`;
const fitsSockets = (path: string): boolean =>
  [resolve(path), relative('.', path)].some((form) => Buffer.byteLength(form) <= MAX_DATA_DIR_BYTES);

const isMasterKey = (value: string): boolean =>
  /^[A-Za-z0-9+/_-]{43}=?$/.test(value) && Buffer.from(value, 'base64').length === 32;

/** The variables that belong to the process and not to one context. Documented in `.env.example`. */
export const platformConfig = z.object({
  OCO_HOST: text('an address to bind, such as 127.0.0.1 or 0.0.0.0').default('127.0.0.1'),
  OCO_DATA_DIR: text(DATA_DIR_FORM).refine(fitsSockets, DATA_DIR_FORM).default('./data'),
  OCO_ADMIN_KEY: secret(
    optionalText(ADMIN_KEY_FORM).refine((key) => key === undefined || /^\S{24,}$/.test(key), ADMIN_KEY_FORM),
  ),
  OCO_MASTER_KEY: secret(
    optionalText(MASTER_KEY_FORM).refine((key) => key === undefined || isMasterKey(key), MASTER_KEY_FORM),
  ),
  OCO_MASTER_KEY_PREVIOUS: secret(
    optionalText(`${MASTER_KEY_FORM}, several separated by commas`).refine(
      (keys) => keys === undefined || keys.split(',').every((key) => isMasterKey(key.trim())),
      `${MASTER_KEY_FORM}, several separated by commas`,
    ),
  ),
  OCO_PUBLIC_METRICS: optionalFlag,
  OCO_PUBLIC_DOCS: optionalFlag,
  OCO_STRICT: flag(false),
  OCO_THREADS: flag(true),
  OCO_STALL_MS: integer(1_000, 600_000, 10_000, 'milliseconds'),
  OCO_CONTEXT_HEAP_MB: integer(64, 65_536, 1_024, 'MiB'),
  OCO_AUDIT_RETENTION_DAYS: integer(1, 3_650, 400, 'days'),
  OCO_SHUTDOWN_MS: integer(0, 600_000, 15_000, 'milliseconds'),

  DATABASE_URL: secret(optionalUrl(['postgres:', 'postgresql:'])),
  POSTGRES_HOST: optionalHost,
  POSTGRES_PORT: port(5_432),
  POSTGRES_DB: text('a database name').default('opencloudops'),
  POSTGRES_USER: text('a user name').default('postgres'),
  POSTGRES_PASSWORD: secret(optionalText('a password')),

  REDIS_URL: secret(optionalUrl(['redis:', 'rediss:'])),
  REDIS_HOST: optionalHost,
  REDIS_PORT: port(6_379),
  REDIS_PASSWORD: secret(optionalText('a password')),

  OTEL_EXPORTER_OTLP_ENDPOINT: optionalUrl(['http:', 'https:']),
  LOG_LEVEL: choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'info'),
  LOG_FORMAT: z.preprocess(
    (value) => (value === '' ? undefined : value),
    z.enum(['pretty', 'json'], { error: 'pretty or json' }).optional(),
  ),
});

export type PlatformConfig = z.output<typeof platformConfig>;
