import { Module } from '@nestjs/common';
import { demoModel } from '../providers/demo/price.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { catalogue } from './catalogue.js';
import { OverlayMap } from './overlay-map.js';
import { PriceTable } from './price-table.js';
import { PricesController } from './prices.controller.js';
import { PricesRepository } from './prices.repository.js';
import { PricesService } from './prices.service.js';

/** What calls cost, and the API that shows and sets it. */
@Module({
  imports: [RevisionsModule],
  controllers: [PricesController],
  providers: [
    OverlayMap,
    PricesRepository,
    PricesService,
    { provide: PriceTable, useFactory: () => new PriceTable([demoModel, ...catalogue()]) },
  ],
  exports: [PriceTable],
})
export class PricingModule {}
