import type { Instant } from '../../platform/time.js';
import type { DatedPrice, Origin, PriceList } from './price-table.js';

export interface ListedPrice {
  readonly provider: string;
  readonly model: string;
  readonly origin: Origin;
  readonly dated: DatedPrice;
}

const inForce = (prices: readonly DatedPrice[], now: Instant): boolean => prices.some(({ from }) => from <= now);

/** The price that holds now, and those to come. */
function fromNowOn(prices: readonly DatedPrice[], now: Instant): DatedPrice[] {
  const since = Math.max(...prices.map(({ from }) => from).filter((from) => from <= now), 0);
  return prices.filter(({ from }) => from >= since).sort((a, b) => a.from - b.from);
}

/** All prices that hold now and those to come, by provider and model; a model's own stand in place of the catalogue's. */
export function listedPrices(
  catalogue: readonly PriceList[],
  overlays: readonly PriceList[],
  now: Instant,
): ListedPrice[] {
  const listed = (lists: readonly PriceList[], origin: Origin): ListedPrice[] =>
    lists.flatMap(({ provider, model, prices }) =>
      fromNowOn(prices, now).map((dated) => ({ provider, model, origin, dated })),
    );
  const hidden = new Set(
    overlays.filter(({ prices }) => inForce(prices, now)).map(({ provider, model }) => `${provider}/${model}`),
  );
  const shown = catalogue.filter(({ provider, model }) => !hidden.has(`${provider}/${model}`));
  return [...listed(shown, 'catalogue'), ...listed(overlays, 'overlay')].sort(byPosition);
}

/** Unique, and the order of the list. */
export const positionOf = ({
  provider,
  model,
  origin,
  dated,
}: ListedPrice): readonly [string, string, Origin, number] => [provider, model, origin, dated.from];

/** As {@link positionOf} tells them. */
export function comparePositions(one: readonly (string | number)[], other: readonly (string | number)[]): number {
  for (const [index, value] of one.entries()) {
    const against = other[index] ?? value;
    if (value !== against) return value < against ? -1 : 1;
  }
  return 0;
}

const byPosition = (one: ListedPrice, other: ListedPrice): number =>
  comparePositions(positionOf(one), positionOf(other));
