import { z } from 'zod';
import { listFields, listReplyFields } from '../../platform/http/list.js';
import { toIso } from '../../platform/time.js';
import type { ListedPrice } from './listing.pure.js';
import { origins } from './price-table.js';
import { showTerms, shownTermsFields } from './shown-terms.dto.js';
import { termsFields } from './terms.dto.js';

const name = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'Expected a name of at most 200 printable ASCII characters, without spaces.');

const provider = name.meta({ example: 'openai' });
const model = name.meta({ example: 'gpt-4o' });

export const pricePath = { provider, model };

export const setPriceBody = z
  .strictObject({
    provider: provider.optional().describe('As in the path, where it is given at all.'),
    model: model.optional().describe('As in the path, where it is given at all.'),
    ...termsFields,
    valid_from: z.iso
      .datetime({ offset: true })
      .nullish()
      .describe('When it begins to hold. Left out: at once, in place of the price that holds now.'),
  })
  .meta({ id: 'SetPrice' });

export const priceReply = z
  .object({
    provider: z.string(),
    model: z.string(),
    ...shownTermsFields,
    valid_from: z.iso.datetime().nullable().describe('Null: from the beginning.'),
    origin: z.enum(origins).describe('Whether it is from the built-in price list, or was set here.'),
    version: z.string().describe('What rows of the ledger name as their `price_version`.'),
  })
  .meta({ id: 'Price' });

export const pricesQuery = z.strictObject({
  provider: provider.optional(),
  model: model.optional(),
  origin: z.enum(origins).optional(),
  ...listFields(z.tuple([z.string(), z.string(), z.enum(origins), z.number()])),
});

export const pricesReply = z.object({ prices: z.array(priceReply), ...listReplyFields });

export type SetPrice = z.output<typeof setPriceBody>;
export type PricesQuery = z.output<typeof pricesQuery>;
export type PriceReply = z.output<typeof priceReply>;

export const toReply = ({ provider, model, origin, dated: { from, terms, price } }: ListedPrice): PriceReply => ({
  provider,
  model,
  ...showTerms(terms),
  valid_from: from === 0 ? null : toIso(from),
  origin,
  version: price.version,
});
