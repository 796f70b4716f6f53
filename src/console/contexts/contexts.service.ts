import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Agent, request } from 'undici';
import { errorMessage } from '../../platform/logging/error-facts.js';
import type { Settings } from '../../platform/config/settings.js';
import { CONFIG, SETTINGS } from '../../platform/tokens.js';
import type { ConsoleConfig } from '../console.config.js';
import { catalogue, contextNames, type ContextName } from './catalogue.js';
import type { ContextStatus } from './contexts.dto.js';
import { parseHealthReply, type HealthReply } from './health-reply.js';

const ANSWER_TIMEOUT_MS = 2_000;
const MAX_ANSWER_BYTES = 64 * 1_024;
/** However many pages are open, each context is asked once in this time. */
const CACHE_MS = 1_000;

type Found = { readonly status: ContextStatus['status']; readonly reply: HealthReply | null };

/** Asks each context how it is. */
@Injectable()
export class ContextsService implements OnModuleDestroy {
  private readonly agent = new Agent({ connections: 2, pipelining: 1, maxResponseSize: MAX_ANSWER_BYTES });
  private latest: { readonly until: number; readonly statuses: Promise<ContextStatus[]> } | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: ConsoleConfig,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  statuses(): Promise<ContextStatus[]> {
    const now = performance.now();
    if (this.latest === null || this.latest.until < now) {
      const statuses = Promise.all(contextNames.map((name) => this.ask(name)));
      this.latest = { until: now + CACHE_MS, statuses };
    }
    return this.latest.statuses;
  }

  async onModuleDestroy(): Promise<void> {
    await this.agent.destroy();
  }

  private async ask(name: ContextName): Promise<ContextStatus> {
    const { status, reply } = await this.find(this.config.upstreams[name]);
    const common = { name, ...catalogue[name], status };
    // Beyond loopback anyone may look at the page: whether it works, but not what it runs on.
    if (!this.settings.loopback) {
      return { ...common, version: null, uptime_seconds: null, reason: null, dependencies: {}, docs_url: null };
    }
    return {
      ...common,
      version: reply?.version ?? null,
      uptime_seconds: reply?.uptime_seconds ?? null,
      reason: reply?.reason ?? null,
      dependencies: dependenciesOf(reply),
      docs_url: reply === null ? null : joined(this.config.upstreams[name], '/docs'),
    };
  }

  private async find(upstream: string): Promise<Found> {
    try {
      const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
      const { body } = await request(joined(upstream, '/health'), { dispatcher: this.agent, signal });
      const reply = parseHealthReply(await body.text());
      return { status: reply?.status ?? 'unreachable', reply };
    } catch (error) {
      // Nobody on the port is how a context looks that is switched off; the console is not told which ones are.
      const refused = errorMessage(error).includes('ECONNREFUSED');
      return { status: refused ? 'not_running' : 'unreachable', reply: null };
    }
  }
}

const joined = (base: string, path: string): string => `${base.replace(/\/+$/, '')}${path}`;

function dependenciesOf(reply: HealthReply | null): ContextStatus['dependencies'] {
  return Object.fromEntries(
    Object.entries(reply?.dependencies ?? {}).map(([name, { status, latency_ms: latency, error }]) => [
      name,
      { status, latency_ms: latency ?? null, error: error ?? null },
    ]),
  );
}
