import { randomUUIDv7 } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, IsNull, LessThanOrEqual, type EntityManager } from 'typeorm';
import { conflict, notFound } from '../../platform/errors/platform.errors.js';
import { Revisions } from '../revisions/revisions.js';
import { PRICES } from './overlay-map.js';
import { PriceRow } from './price.entity.js';

/** All of them are held in memory on every replica, at some 3 kB each. */
const PRICES_MAX = 10_000;
/** Holds from the beginning. */
const EPOCH = new Date(0);

export interface NewPrice {
  readonly provider: string;
  readonly model: string;
  readonly terms: object;
  /** Null: at once, in place of those that hold now. */
  readonly validFrom: Date | null;
}

/** `cerebra.prices`. Every write bears the revision by which the other replicas notice it. */
@Injectable()
export class PricesRepository {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Revisions) private readonly revisions: Revisions,
  ) {}

  set({ provider, model, terms, validFrom }: NewPrice, now: Date): Promise<PriceRow> {
    return this.dataSource.transaction(async (manager) => {
      const revision = await this.revisions.bump(manager, PRICES);
      const replaced = { provider, model, validFrom: validFrom ?? LessThanOrEqual(now), removedAt: IsNull() };
      await manager.update(PriceRow, replaced, { removedAt: now, revision });
      await roomForOne(manager);
      const fields = { provider, model, terms, validFrom: validFrom ?? EPOCH, createdAt: now, removedAt: null };
      return manager.save(manager.create(PriceRow, { id: randomUUIDv7(), ...fields, revision }));
    });
  }

  remove(provider: string, model: string, now: Date): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      const revision = await this.revisions.bump(manager, PRICES);
      const own = { provider, model, removedAt: IsNull() };
      const { affected } = await manager.update(PriceRow, own, { removedAt: now, revision });
      if (affected === 0) throw notFound(`A price of its own for '${provider}/${model}'`);
    });
  }
}

async function roomForOne(manager: EntityManager): Promise<void> {
  if ((await manager.countBy(PriceRow, { removedAt: IsNull() })) < PRICES_MAX) return;
  throw conflict(`There are ${PRICES_MAX} prices, which is the most that there can be.`);
}
