import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Clock } from '../../platform/time.js';
import { CLOCK, CONFIG } from '../../platform/tokens.js';
import type { CerebraConfig } from '../cerebra.config.js';
import { PriceTable } from '../pricing/price-table.js';
import { configuredProviders } from './configured-providers.js';
import { CredentialMetrics } from './credentials/credential-metrics.js';
import type { Api } from './dialect.js';
import { demo } from './demo/index.js';
import type { HostingServices } from './hosted-api.js';
import type { CatalogueName } from './kinds.js';
import type { Provider } from './provider.js';
import { resolve, type Target } from './resolve.js';
import { RetiredProviders } from './retired-providers.js';

/** A provider that was made by the API, as it takes its place in the table. */
export interface StoredProvider {
  readonly provider: Provider;
  /** Plain names of models are given to it before they are given to others. */
  readonly preferred: boolean;
  /** Whose published prices its models have; null: none. */
  readonly catalogue: CatalogueName | null;
}

/** Beyond the longest wait for a budget: a call that was let through must still find its provider. */
const MARGIN_MS = 5_000;

/** All providers in memory: those of the environment, and those made by the API while the process runs. */
@Injectable()
export class ProviderTable implements OnApplicationShutdown {
  /** What a provider is built with. */
  readonly services: HostingServices;
  readonly #configured: readonly Provider[];
  /** By their ids, in the order in which they were made. Bounded by how many may be made. */
  readonly #stored = new Map<string, StoredProvider>();
  readonly #retired: RetiredProviders;
  readonly #retirements: ((provider: Provider) => void)[] = [];
  /** In the order in which plain names of models are looked for. */
  #byName: ReadonlyMap<string, Provider> = new Map();

  constructor(
    @Inject(CONFIG) config: CerebraConfig,
    @Inject(PriceTable) private readonly prices: PriceTable,
    @Inject(CredentialMetrics) metrics: CredentialMetrics,
    @Inject(CLOCK) clock: Clock,
  ) {
    const { upstreamTimeoutMs: timeoutMs, upstreamClient: client } = config;
    const retried = (provider: string, status: number): void => metrics.retried(provider, status);
    this.services = { prices, clock, timeoutMs, client, retried };
    this.#retired = new RetiredProviders(config.budgetWaitMs + MARGIN_MS);
    const builtIn = demo(config);
    this.#configured = [...(builtIn === null ? [] : [builtIn]), ...configuredProviders(config, this.services)];
    this.#arrange();
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

  /** Whether the environment gives the name to a provider of its own. */
  isTaken(name: string): boolean {
    return this.#configured.some((provider) => provider.name === name && !provider.needsOwnKey);
  }

  /** @returns null where none with this id is stored */
  stored(id: string): Provider | null {
    return this.#stored.get(id)?.provider ?? null;
  }

  /** Puts a stored provider in its place, or takes it away; calls that run on the former one end on it. */
  set(id: string, stored: StoredProvider | null): void {
    const former = this.#stored.get(id);
    if (stored === null) this.#stored.delete(id);
    else this.#stored.set(id, stored);
    this.#arrange();
    if (former === undefined) return;
    this.#retired.add(former.provider);
    for (const retire of this.#retirements) retire(former.provider);
  }

  /** Told of every provider that gets no new calls. */
  onRetired(listener: (provider: Provider) => void): void {
    this.#retirements.push(listener);
  }

  /** By now every call has ended. */
  async onApplicationShutdown(): Promise<void> {
    const providers = [...this.#configured, ...[...this.#stored.values()].map(({ provider }) => provider)];
    await Promise.all([this.#retired.closeAll(), ...providers.map(({ upstream }) => upstream.close())]);
  }

  #arrange(): void {
    const stored = [...this.#stored.values()].filter(({ provider }) => !this.isTaken(provider.name));
    const own = new Set(stored.map(({ provider }) => provider.name));
    const configured = this.#configured.filter(({ name }) => !own.has(name));
    const [preferred, others] = [true, false].map((preference) =>
      stored.filter((one) => one.preferred === preference).map(({ provider }) => provider),
    );
    // First the prices, or a first call might find its provider and not its price.
    this.prices.nameCatalogues(new Map(stored.map(({ provider, catalogue }) => [provider.name, catalogue])));
    const inOrder = [...(preferred ?? []), ...configured, ...(others ?? [])];
    this.#byName = new Map(inOrder.map((provider) => [provider.name, provider]));
  }
}
