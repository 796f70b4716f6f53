import { Inject, Injectable } from '@nestjs/common';
import { invalid, notFound } from '../../platform/errors/platform.errors.js';
import type { Clock } from '../../platform/time.js';
import { CLOCK } from '../../platform/tokens.js';
import { comparePositions, listedPrices, positionOf, type ListedPrice } from './listing.pure.js';
import { OverlayMap } from './overlay-map.js';
import { PriceTable } from './price-table.js';
import type { PricesQuery, SetPrice } from './prices.dto.js';
import { PricesRepository } from './prices.repository.js';
import { showTerms } from './shown-terms.dto.js';
import { toTerms } from './terms.dto.js';

/** Shows what calls cost, and sets prices above those of the catalogue. */
@Injectable()
export class PricesService {
  constructor(
    @Inject(PriceTable) private readonly table: PriceTable,
    @Inject(OverlayMap) private readonly overlays: OverlayMap,
    @Inject(PricesRepository) private readonly repository: PricesRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** From the cursor on, all of them: they are in memory anyway. */
  list({ provider, model, origin, cursor }: PricesQuery): { found: ListedPrice[]; total: number } {
    const all = listedPrices(this.table.catalogue, this.table.overlays, this.clock.now()).filter(
      (price) =>
        (provider === undefined || price.provider === provider) &&
        (model === undefined || price.model === model) &&
        (origin === undefined || price.origin === origin),
    );
    const after = cursor === undefined ? all : all.filter((price) => comparePositions(positionOf(price), cursor) > 0);
    return { found: after, total: all.length };
  }

  /** The price that holds now, by whichever of its names the model is asked for. */
  get(provider: string, model: string): ListedPrice {
    const held = this.table.held(provider, model, this.clock.now());
    if (held === null) throw notFound(`A price of '${provider}/${model}'`);
    return { provider, model, ...held };
  }

  async set(provider: string, model: string, body: SetPrice): Promise<ListedPrice> {
    if ((body.provider ?? provider) !== provider)
      throw invalid({ provider: `Expected '${provider}', as in the path.` });
    if ((body.model ?? model) !== model) throw invalid({ model: `Expected '${model}', as in the path.` });
    const validFrom = body.valid_from ? new Date(body.valid_from) : null;
    const terms = showTerms(toTerms(body));
    const row = await this.repository.set({ provider, model, terms, validFrom }, new Date(this.clock.now()));
    await this.overlays.refresh();
    return { provider, model, origin: 'overlay', dated: this.overlays.priceOf(row) };
  }

  async remove(provider: string, model: string): Promise<void> {
    await this.repository.remove(provider, model, new Date(this.clock.now()));
    await this.overlays.refresh();
  }
}
