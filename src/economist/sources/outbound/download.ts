import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Agent, request, type Dispatcher } from 'undici';
import { AppError } from '../../../platform/errors/app-error.js';
import { platformErrors } from '../../../platform/errors/platform.errors.js';
import { addressFault, guardedLookup, type OutboundRules } from './outbound-rules.js';

const MOST_REDIRECTS = 5;
const CONNECT_WITHIN_MS = 10_000;
/** For the head, and between two pieces of the body. */
const SILENCE_MS = 60_000;
const ALL_WITHIN_MS = 3_600_000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export interface DownloadRequest {
  readonly url: string;
  /** The file to write. */
  readonly path: string;
  readonly maxBytes: number;
  readonly rules: OutboundRules;
  readonly signal: AbortSignal;
}

/**
 * Fetches a file, within bounds of size and time, from nowhere but where the rules let it.
 * @returns the SHA-256 of its bytes, in hex
 * @throws {AppError} 424 that says what went wrong, without the address: it can hold a secret
 */
export async function download({ url, path, maxBytes, rules, signal }: DownloadRequest): Promise<string> {
  const agent = new Agent({ connect: { lookup: guardedLookup(rules), timeout: CONNECT_WITHIN_MS }, pipelining: 1 });
  const ending = AbortSignal.any([signal, AbortSignal.timeout(ALL_WITHIN_MS)]);
  try {
    const { body } = await follow(new URL(url), agent, rules, ending);
    const hash = createHash('sha256');
    await pipeline(body, bounded(maxBytes, hash), createWriteStream(path), { signal: ending });
    return hash.digest('hex');
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof AppError ? error : refused(reasonOf(error), error);
  } finally {
    await agent.destroy();
  }
}

async function follow(
  first: URL,
  agent: Agent,
  rules: OutboundRules,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  let url = first;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
    const fault = addressFault(url, rules);
    if (fault !== null) throw refused(fault);
    const reply = await request(url, {
      dispatcher: agent,
      headers: { 'accept-encoding': 'identity', 'user-agent': 'open-cloud-ops' },
      headersTimeout: SILENCE_MS,
      bodyTimeout: SILENCE_MS,
      signal,
    });
    if (reply.statusCode === 200) return reply;
    // Not read, and ended with the agent: a refusal's body is of no use.
    reply.body.on('error', () => undefined).destroy();
    const { location } = reply.headers;
    if (!REDIRECTS.has(reply.statusCode) || typeof location !== 'string' || !URL.canParse(location, url.href)) {
      throw refused(`The server answered with status ${reply.statusCode}.`);
    }
    url = new URL(location, url);
  }
  throw refused(`The server redirected more than ${MOST_REDIRECTS} times.`);
}

const bounded = (maxBytes: number, hash: { update(chunk: Uint8Array): unknown }) =>
  async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw refused(`The file is larger than ${maxBytes} bytes (ECONOMIST_MAX_UPLOAD).`);
      hash.update(chunk);
      yield chunk;
    }
  };

/** Errors of the client name hosts, but not paths and queries; still, only their codes are told. */
const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? `The connection failed (${error.code}).`
    : 'The connection failed.';

const refused = (reason: string, cause?: unknown): AppError =>
  new AppError(platformErrors.dependencyFailed, `The file cannot be fetched. ${reason}`, {}, { cause });
