import { catalogue } from '../../src/cerebra/pricing/catalogue.js';
import { PriceTable } from '../../src/cerebra/pricing/price-table.js';
import { isPriced, priceOf } from '../../src/cerebra/pricing/price.pure.js';
import type { Usage } from '../../src/cerebra/pricing/usage.js';
import { instant } from '../../src/platform/time.js';

const table = new PriceTable(catalogue());

/** Nano-USD that the catalogue asks for a usage, on a day; the call must be priced in full. */
export function billed(provider: string, model: string, usage: Usage | null, day = '2026-11-25'): number {
  const price = table.find(provider, model, instant(Date.parse(day)));
  if (price === null || usage === null) throw new Error(`${model} has no ${price === null ? 'price' : 'usage'}.`);
  if (!isPriced(usage, price)) throw new Error(`The price of ${model} does not say what this usage costs.`);
  return Number(priceOf(usage, price)) / 1_000;
}
