import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import { instant } from '../../platform/time.js';
import { Revisions } from '../revisions/revisions.js';
import { compile } from './compile.pure.js';
import { PriceRow } from './price.entity.js';
import { PriceTable, type DatedPrice } from './price-table.js';
import { readTerms } from './terms.dto.js';

/** What is followed in `cerebra.revisions`. */
export const PRICES = 'prices';

/** Keeps the prices that are set by the API in the price table, on every replica. Bounded by how many may be set. */
@Injectable()
export class OverlayMap implements OnModuleInit {
  /** Of each model its prices, by the id of their row. */
  private readonly models = new Map<string, Map<string, DatedPrice>>();
  private read: (() => Promise<void>) | null = null;

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Revisions) private readonly revisions: Revisions,
    @Inject(PriceTable) private readonly table: PriceTable,
  ) {}

  async onModuleInit(): Promise<void> {
    this.table.onRenamed((provider) => this.compileAnew(provider));
    this.read = await this.revisions.follow(PRICES, (revision) => this.readChanges(revision));
  }

  /** For the replica that wrote: its own change holds before it answers. The others poll. */
  async refresh(): Promise<void> {
    await this.read?.();
  }

  /** A stored price, as calls are charged by it. */
  priceOf({ provider, model, terms: stored, validFrom, revision }: PriceRow): DatedPrice {
    const terms = readTerms(stored);
    const price = compile(terms, this.table.limits(provider, model), `overlay-${revision}`);
    return { from: instant(validFrom.getTime()), terms, price };
  }

  private async readChanges(after: bigint): Promise<bigint> {
    const changed = await this.dataSource.manager.find(PriceRow, {
      where: { revision: MoreThan(after.toString()) },
      order: { revision: 'ASC' },
    });
    let newest = after;
    for (const row of changed) {
      this.keep(row);
      newest = BigInt(row.revision);
    }
    // Behind the loop: what replaces a price comes in the same revision as the end of the old one.
    for (const { provider, model } of changed) {
      const prices = [...(this.models.get(`${provider}/${model}`)?.values() ?? [])];
      this.table.setOverlay({ provider, model, prices });
    }
    return newest;
  }

  /** What a price leaves open is limited by what the catalogue knows of the model. */
  private compileAnew(provider: string): void {
    for (const { model, provider: owner } of this.table.overlays) {
      if (owner !== provider) continue;
      const own = this.models.get(`${provider}/${model}`) ?? new Map<string, DatedPrice>();
      const limits = this.table.limits(provider, model);
      for (const [id, { from, terms, price }] of own)
        own.set(id, { from, terms, price: compile(terms, limits, price.version) });
      this.table.setOverlay({ provider, model, prices: [...own.values()] });
    }
  }

  private keep(row: PriceRow): void {
    const key = `${row.provider}/${row.model}`;
    const prices = this.models.get(key) ?? new Map<string, DatedPrice>();
    if (row.removedAt === null) prices.set(row.id, this.priceOf(row));
    else prices.delete(row.id);
    if (prices.size > 0) this.models.set(key, prices);
    else this.models.delete(key);
  }
}
