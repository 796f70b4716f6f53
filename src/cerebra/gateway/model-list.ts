import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '../../platform/tokens.js';
import type { Caller } from '../identity/caller.js';
import type { Api } from '../providers/dialect.js';
import { ProviderTable } from '../providers/provider-table.js';
import type { Provider } from '../providers/provider.js';
import { answersUnnamed } from '../providers/resolve.js';
import type { ListedModel } from '../providers/upstream.js';
import { mayUse } from './allowed-models.js';

/** What `GET /v1/models` lists: the models of those providers that speak the caller's API and answer now. */
@Injectable()
export class ModelList {
  constructor(
    @Inject(ProviderTable) private readonly providers: ProviderTable,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * As far as the key may use them.
   * @param credential the caller's own key for the providers, flat: name, value
   */
  async visibleTo(caller: Caller, credential: readonly string[] | null, api: Api): Promise<readonly ListedModel[]> {
    const ownKey = credential !== null;
    const answering = this.providers
      .all()
      .filter((provider) => provider.availability === 'open' && answersUnnamed(provider, api, ownKey));
    const lists = await Promise.all(answering.map((provider) => this.#of(provider, caller, credential)));
    return lists.flat();
  }

  async #of(provider: Provider, caller: Caller, credential: readonly string[] | null): Promise<readonly ListedModel[]> {
    try {
      const models = await provider.upstream.models(credential);
      return models
        .filter(({ id }) => mayUse(caller, { provider, model: id }))
        .map((model) => this.#callable(model, provider, credential !== null));
    } catch (error) {
      this.log.warn({ err: error, provider: provider.name }, 'A provider did not list its models; it is left out.');
      return [];
    }
  }

  /** By the name that a call for it must use: the plain one may be another provider's, or nobody's. */
  #callable(model: ListedModel, provider: Provider, ownKey: boolean): ListedModel {
    const plain = this.providers.resolve(model.id, provider.api, ownKey)?.provider === provider;
    return plain ? model : renamed(model, provider.api, `${provider.name}/${model.id}`);
  }
}

const renamed = ({ entry }: ListedModel, api: Api, id: string): ListedModel =>
  api === 'gemini' ? { id, entry: { ...entry, name: `models/${id}` } } : { id, entry: { ...entry, id } };
