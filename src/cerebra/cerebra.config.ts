import { z } from 'zod';
import {
  byteSize,
  choice,
  integer,
  optionalFlag,
  optionalText,
  optionalUrl,
  secret,
} from '../platform/config/variables.js';

/** A body is held in memory once, and V8 strings end at 512 MiB. */
const LARGEST_BODY = 256 * 1024 ** 2;

export const cerebraConfig = z
  .object({
    OPENAI_API_KEY: secret(optionalText('an API key')),
    OPENAI_BASE_URL: optionalUrl(['http:', 'https:']),
    ANTHROPIC_API_KEY: secret(optionalText('an API key')),
    ANTHROPIC_BASE_URL: optionalUrl(['http:', 'https:']),
    GEMINI_API_KEY: secret(optionalText('an API key')),
    GEMINI_BASE_URL: optionalUrl(['http:', 'https:']),
    CEREBRA_AUTH: choice(['keys', 'passthrough', 'both'], 'keys'),
    CEREBRA_LEDGER_SYNC: choice(['interval', 'always'], 'interval'),
    CEREBRA_BUDGET_WAIT_MS: integer(0, 60_000, 2_000, 'milliseconds'),
    CEREBRA_MAX_BODY: byteSize('32MiB', LARGEST_BODY),
    CEREBRA_UPSTREAM_CLIENT: choice(['own', 'undici'], 'own'),
    CEREBRA_UPSTREAM_TIMEOUT_MS: integer(1, 3_600_000, 300_000, 'milliseconds'),
    CEREBRA_RETENTION_DAYS: integer(1, 3_650, 400, 'days'),
    CEREBRA_DEMO: optionalFlag,
    NODE_ENV: optionalText('a name such as production'),
  })
  .transform((variables) => ({
    openai: { baseUrl: variables.OPENAI_BASE_URL ?? null, apiKey: variables.OPENAI_API_KEY ?? null },
    anthropic: { baseUrl: variables.ANTHROPIC_BASE_URL ?? null, apiKey: variables.ANTHROPIC_API_KEY ?? null },
    gemini: { baseUrl: variables.GEMINI_BASE_URL ?? null, apiKey: variables.GEMINI_API_KEY ?? null },
    /** What callers show: virtual keys, keys of their own for the provider, or either. */
    auth: variables.CEREBRA_AUTH,
    ledgerSync: variables.CEREBRA_LEDGER_SYNC,
    /** How long an affordable call waits for others to settle; 0: not at all. */
    budgetWaitMs: variables.CEREBRA_BUDGET_WAIT_MS,
    maxBodyBytes: variables.CEREBRA_MAX_BODY,
    /** Which HTTP/1.1 client carries calls to providers. */
    upstreamClient: variables.CEREBRA_UPSTREAM_CLIENT,
    upstreamTimeoutMs: variables.CEREBRA_UPSTREAM_TIMEOUT_MS,
    /** How long rows of the ledger are kept. */
    retentionDays: variables.CEREBRA_RETENTION_DAYS,
    /** The built-in `demo/echo` model; off in production unless asked for. */
    demo: variables.CEREBRA_DEMO ?? variables.NODE_ENV !== 'production',
  }));

export type CerebraConfig = z.output<typeof cerebraConfig>;
