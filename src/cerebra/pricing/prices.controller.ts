import { Body, Controller, Delete, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ApiReply } from '../../platform/http/api-reply.js';
import { pageOf } from '../../platform/http/page.pure.js';
import { positionOf } from './listing.pure.js';
import {
  pricePath,
  priceReply,
  pricesQuery,
  pricesReply,
  setPriceBody,
  toReply,
  type PriceReply,
  type PricesQuery,
  type SetPrice,
} from './prices.dto.js';
import { PricesService } from './prices.service.js';

/** What models cost: from the built-in catalogue, or as set here. A slash in a model's name is written %2F. */
@ApiTags('Prices')
@Controller('api/v1/prices')
export class PricesController {
  constructor(@Inject(PricesService) private readonly prices: PricesService) {}

  @Get()
  @ApiOperation({ summary: 'Prices that hold now and those to come, by provider and model' })
  @ApiReply(200, pricesReply)
  list(@Query({ schema: pricesQuery }) query: PricesQuery): z.output<typeof pricesReply> {
    const { found, total } = this.prices.list(query);
    const page = pageOf(found, query.limit, positionOf);
    return { prices: page.items.map(toReply), total, next_cursor: page.nextCursor };
  }

  @Get(':provider/:model')
  @ApiOperation({ summary: 'The price that holds now, by any name of the model' })
  @ApiReply(200, priceReply)
  get(
    @Param('provider', { schema: pricePath.provider }) provider: string,
    @Param('model', { schema: pricePath.model }) model: string,
  ): PriceReply {
    return toReply(this.prices.get(provider, model));
  }

  @Put(':provider/:model')
  @ApiOperation({ summary: 'Set a price above the catalogue, on every replica within a second' })
  @ApiReply(200, priceReply)
  async set(
    @Param('provider', { schema: pricePath.provider }) provider: string,
    @Param('model', { schema: pricePath.model }) model: string,
    @Body({ schema: setPriceBody }) body: SetPrice,
  ): Promise<PriceReply> {
    return toReply(await this.prices.set(provider, model, body));
  }

  @Delete(':provider/:model')
  @ApiOperation({ summary: 'Remove all prices that were set for a model: the catalogue holds again' })
  @ApiReply(204)
  async remove(
    @Param('provider', { schema: pricePath.provider }) provider: string,
    @Param('model', { schema: pricePath.model }) model: string,
  ): Promise<void> {
    await this.prices.remove(provider, model);
  }
}
