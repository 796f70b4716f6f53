import type { Instant } from '../../platform/time.js';
import type { TokenLimits } from './compile.pure.js';
import { LARGEST_CONTEXT, maxOutputTokens } from './output-limits.pure.js';
import type { ModelPrice } from './rates.js';
import type { PriceTerms } from './terms.js';

/** A price and the time from which on it holds. */
export interface DatedPrice {
  readonly from: Instant;
  readonly terms: PriceTerms;
  readonly price: ModelPrice;
}

/** What one model costs, over time. */
export interface PriceList {
  readonly provider: string;
  readonly model: string;
  readonly prices: readonly DatedPrice[];
}

/** Where a price comes from. */
export const origins = ['catalogue', 'overlay'] as const;
export type Origin = (typeof origins)[number];

/** One entry of the catalogue: a model under all its names. */
export interface PricedModel extends PriceList {
  /** Names that are known beforehand. */
  readonly names: readonly string[];
  /** Whether any other name means this model too, such as that of a dated snapshot. */
  readonly matches: (name: string) => boolean;
}

const NONE: readonly DatedPrice[] = [];

const newestFirst = (prices: readonly DatedPrice[]): DatedPrice[] => [...prices].sort((a, b) => b.from - a.from);

const heldAt = (prices: readonly DatedPrice[], at: Instant): DatedPrice | undefined =>
  prices.find(({ from }) => from <= at);

/** All prices in memory, on the hot path a look-up: those of the catalogue, and above them those set by the API. */
export class PriceTable {
  readonly #byName = new Map<string, readonly DatedPrice[]>();
  readonly #overlays = new Map<string, PriceList>();
  /** By a provider's name, the one under which the catalogue has its prices; null: it has none. */
  #catalogueNames: ReadonlyMap<string, string | null> = new Map();
  readonly #renamings: ((provider: string) => void)[] = [];

  /** @param catalogue in order of precedence */
  constructor(readonly catalogue: readonly PricedModel[]) {
    for (const { provider, names } of catalogue) {
      for (const name of names) this.#byName.set(`${provider}/${name}`, this.#firstMatch(provider, name));
    }
  }

  /** @returns null when the model's price is not known */
  find(provider: string, model: string, at: Instant): ModelPrice | null {
    return (this.#ownAt(provider, model, at) ?? heldAt(this.#listed(provider, model), at))?.price ?? null;
  }

  /** The same with all that is known of it. */
  held(provider: string, model: string, at: Instant): { readonly origin: Origin; readonly dated: DatedPrice } | null {
    const own = this.#ownAt(provider, model, at);
    if (own !== undefined) return { origin: 'overlay', dated: own };
    const listed = heldAt(this.#listed(provider, model), at);
    return listed === undefined ? null : { origin: 'catalogue', dated: listed };
  }

  /** Whether the model has a price, at whatever time. */
  knows(provider: string, model: string): boolean {
    return this.#overlays.has(`${provider}/${model}`) || this.#listed(provider, model).length > 0;
  }

  /** How much the model reads and writes at most, as far as the catalogue tells. */
  limits(provider: string, model: string): TokenLimits {
    return (
      this.#listed(provider, model)[0]?.price ?? {
        contextTokens: LARGEST_CONTEXT,
        maxOutputTokens: maxOutputTokens(model, LARGEST_CONTEXT),
      }
    );
  }

  /** Puts a model's own prices above those of the catalogue; none leave it to the catalogue again. */
  setOverlay({ provider, model, prices }: PriceList): void {
    const key = `${provider}/${model}`;
    if (prices.length === 0) this.#overlays.delete(key);
    else this.#overlays.set(key, { provider, model, prices: newestFirst(prices) });
  }

  /**
   * Says under which names the catalogue has the prices of providers that are called otherwise.
   * @param names of others their own is taken
   */
  nameCatalogues(names: ReadonlyMap<string, string | null>): void {
    const former = this.#catalogueNames;
    this.#catalogueNames = names;
    for (const provider of new Set([...former.keys(), ...names.keys()])) {
      if (former.get(provider) === names.get(provider)) continue;
      for (const renamed of this.#renamings) renamed(provider);
    }
  }

  /** Told of every provider whose prices and limits are others from now on. */
  onRenamed(listener: (provider: string) => void): void {
    this.#renamings.push(listener);
  }

  get overlays(): readonly PriceList[] {
    return [...this.#overlays.values()];
  }

  #ownAt(provider: string, model: string, at: Instant): DatedPrice | undefined {
    return heldAt(this.#overlays.get(`${provider}/${model}`)?.prices ?? NONE, at);
  }

  #listed(provider: string, model: string): readonly DatedPrice[] {
    const named = this.#catalogueNames.get(provider);
    if (named === null) return NONE;
    const known = named ?? provider;
    return this.#byName.get(`${known}/${model}`) ?? this.#firstMatch(known, model);
  }

  /** Not cached: the names come from clients, and there is no end to them. */
  #firstMatch(provider: string, name: string): readonly DatedPrice[] {
    const found = this.catalogue.find((model) => model.provider === provider && model.matches(name));
    return found === undefined ? NONE : newestFirst(found.prices);
  }
}
