import { Module } from '@nestjs/common';
import { demoModel } from '../providers/demo/price.js';
import { catalogueModels, catalogueVersion } from './catalogue.js';
import { PriceTable } from './price-table.js';

/** Providers whose prices come from the catalogue. */
const CATALOGUED = 'openai';

@Module({
  providers: [
    {
      provide: PriceTable,
      useFactory: () => new PriceTable(catalogueVersion(CATALOGUED), [demoModel, ...catalogueModels(CATALOGUED)]),
    },
  ],
  exports: [PriceTable],
})
export class PricingModule {}
