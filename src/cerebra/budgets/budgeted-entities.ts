import { Inject, Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { invalid } from '../../platform/errors/platform.errors.js';
import { Key } from '../identity/key.entity.js';
import { OwnerRow } from '../identity/owners/owner.entity.js';
import type { OwnerKind } from '../identity/owners/owner.js';
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

  /** @returns an id where a name was given, and a model's name without its provider's */
  async find(scope: Scope, given: string): Promise<string> {
    switch (scope) {
      case 'key':
        return this.keyOf(given);
      case 'org':
      case 'team':
      case 'agent':
        return this.ownerOf(scope, given);
      case 'model':
        return this.modelOf(given);
      default:
        return given;
    }
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

  /** What is not there yet may come by a header, and its budget holds from the first call. */
  private async ownerOf(kind: OwnerKind, given: string): Promise<string> {
    const live = { kind, deletedAt: IsNull() };
    const { manager } = this.dataSource;
    if (await manager.existsBy(OwnerRow, { ...live, id: given })) return given;
    const [only, another] = await manager.find(OwnerRow, { where: { ...live, name: given }, take: 2 });
    if (another !== undefined) throw invalid({ entity_id: `several have the name '${given}': give the id of one` });
    return only?.id ?? given;
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
