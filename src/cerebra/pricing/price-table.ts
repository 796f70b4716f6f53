import type { Instant } from '../../platform/time.js';
import type { ModelPrice } from './rates.js';

/** A price and the time from which on it holds. */
export interface DatedPrice {
  readonly from: Instant;
  readonly price: ModelPrice;
}

/** One entry of a price list: a model under all its names. */
export interface PricedModel {
  readonly provider: string;
  /** Names that are known beforehand. */
  readonly names: readonly string[];
  /** Whether any other name means this model too, such as that of a dated snapshot. */
  readonly matches: (name: string) => boolean;
  readonly prices: readonly DatedPrice[];
}

const newestFirst = (prices: readonly DatedPrice[]): DatedPrice[] => [...prices].sort((a, b) => b.from - a.from);

/** All prices, made when the process starts: on the hot path a look-up. */
export class PriceTable {
  readonly #byName = new Map<string, readonly DatedPrice[]>();
  readonly #models: readonly PricedModel[];

  constructor(
    /** Written into each row of the ledger that these prices made. */
    readonly version: string,
    models: readonly PricedModel[],
  ) {
    this.#models = models.map((model) => ({ ...model, prices: newestFirst(model.prices) }));
    for (const { provider, names } of this.#models) {
      for (const name of names) this.#byName.set(`${provider}/${name}`, this.#firstMatch(provider, name));
    }
  }

  /** @returns null when the model's price is not known */
  find(provider: string, model: string, at: Instant): ModelPrice | null {
    for (const { from, price } of this.#prices(provider, model)) if (from <= at) return price;
    return null;
  }

  /** Whether the model has a price, at whatever time. */
  knows(provider: string, model: string): boolean {
    return this.#prices(provider, model).length > 0;
  }

  #prices(provider: string, model: string): readonly DatedPrice[] {
    return this.#byName.get(`${provider}/${model}`) ?? this.#firstMatch(provider, model);
  }

  /** The list is in order of precedence. Not cached: the names come from clients, and there is no end to them. */
  #firstMatch(provider: string, name: string): readonly DatedPrice[] {
    return this.#models.find((model) => model.provider === provider && model.matches(name))?.prices ?? [];
  }
}
