import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG } from '../../platform/tokens.js';
import type { CerebraConfig } from '../cerebra.config.js';
import { PriceTable } from '../pricing/price-table.js';
import type { Api } from './dialect.js';
import { anthropic } from './anthropic/index.js';
import { demo } from './demo/index.js';
import { gemini } from './gemini/index.js';
import { hosted } from './hosted-api.js';
import { openAi } from './openai/index.js';
import type { Provider } from './provider.js';
import { resolve, type Target } from './resolve.js';

/** The providers that are configured, made once at start. */
@Injectable()
export class ProviderTable implements OnApplicationShutdown {
  readonly #byName: ReadonlyMap<string, Provider>;

  constructor(@Inject(CONFIG) config: CerebraConfig, @Inject(PriceTable) prices: PriceTable) {
    const { upstreamTimeoutMs: timeoutMs, upstreamClient: client } = config;
    const shared = { ownKeys: config.auth !== 'keys', timeoutMs, client };
    const providers = [
      demo(config),
      hosted(openAi, { name: 'openai', ...config.openai, ...shared }, prices),
      hosted(anthropic, { name: 'anthropic', ...config.anthropic, ...shared }, prices),
      hosted(gemini, { name: 'gemini', ...config.gemini, ...shared }, prices),
    ].filter((provider) => provider !== null);
    this.#byName = new Map(providers.map((provider) => [provider.name, provider]));
  }

  /**
   * @param ownKey the caller brings a key of its own
   * @returns null when no provider that speaks this API has the model
   */
  resolve(requested: string, api: Api, ownKey: boolean): Target | null {
    return resolve(this.#byName, requested, api, ownKey);
  }

  /** @returns null when there is none of this name */
  named(name: string): Provider | null {
    return this.#byName.get(name) ?? null;
  }

  all(): readonly Provider[] {
    return [...this.#byName.values()];
  }

  /** By now every call has ended. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.all().map((provider) => provider.upstream.close()));
  }
}
