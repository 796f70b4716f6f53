import { Inject, Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { invalid } from '../../platform/errors/platform.errors.js';
import { Key } from '../identity/key.entity.js';
import { PriceTable } from '../pricing/price-table.js';
import { ProviderTable } from '../providers/provider-table.js';
import type { Scope } from './budget-gate.js';

/** Finds what calls will name where people name it otherwise: a budget that no call can match would hold nothing. */
@Injectable()
export class BudgetedEntities {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(ProviderTable) private readonly providers: ProviderTable,
    @Inject(PriceTable) private readonly prices: PriceTable,
  ) {}

  /** @returns a key's id where its name was given, and a model's name without its provider's */
  async find(scope: Scope, given: string): Promise<string> {
    if (scope === 'key') return this.keyOf(given);
    return scope === 'model' ? this.modelOf(given) : given;
  }

  private async keyOf(given: string): Promise<string> {
    const live = { revokedAt: IsNull() };
    const found = await this.dataSource.manager.find(Key, {
      select: { id: true },
      where: [
        { id: given, ...live },
        { name: given, ...live },
      ],
      take: 2,
    });
    const ids = found.map(({ id }) => id);
    if (ids.includes(given)) return given;
    const [id, another] = ids;
    if (id === undefined) throw invalid({ entity_id: `no such key: '${given}' is neither the id of one nor its name` });
    if (another !== undefined)
      throw invalid({ entity_id: `several keys have the name '${given}': give the id of one` });
    return id;
  }

  /** As the ledger and the gateway name it. A prefix that is no provider's belongs to the model's name. */
  private modelOf(given: string): string {
    const slash = given.indexOf('/');
    if (slash === -1) return given;
    const [provider, model] = [given.slice(0, slash), given.slice(slash + 1)];
    // One that has prices may be configured later.
    const isProvider = this.providers.named(provider) !== null || this.prices.knows(provider, model);
    return isProvider && model !== '' ? model : given;
  }
}
