import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ApiReply } from '../../platform/http/api-reply.js';
import { pageOf } from '../../platform/http/page.pure.js';
import {
  createProviderBody,
  providerReply,
  providersQuery,
  providersReply,
  updateProviderBody,
  type NewProvider,
  type ProviderReply,
  type ProviderSettings,
  type ProvidersQuery,
} from './providers.dto.js';
import { positionOf, ProvidersService } from './providers.service.js';

/** Where models come from, and with which keys. A provider is named by its id or its name. */
@ApiTags('Providers')
@Controller('api/v1/providers')
export class ProvidersController {
  constructor(@Inject(ProvidersService) private readonly providers: ProvidersService) {}

  @Get()
  @ApiOperation({ summary: 'All providers by name, those of the environment too; never with their keys' })
  @ApiReply(200, providersReply)
  async list(@Query({ schema: providersQuery }) query: ProvidersQuery): Promise<z.output<typeof providersReply>> {
    const { found, total } = await this.providers.list(query);
    const page = pageOf(found, query.limit, positionOf);
    return { providers: [...page.items], total, next_cursor: page.nextCursor };
  }

  @Post()
  @ApiOperation({ summary: 'Make a provider, on every replica within a second; its keys are sealed' })
  @ApiReply(201, providerReply)
  create(@Body({ schema: createProviderBody }) body: NewProvider): Promise<ProviderReply> {
    return this.providers.create(body);
  }

  @Get(':id')
  @ApiOperation({ summary: 'A provider, and how its keys fare on this replica' })
  @ApiReply(200, providerReply)
  get(@Param('id') id: string): Promise<ProviderReply> {
    return this.providers.get(id);
  }

  @Put(':id')
  @ApiOperation({ summary: 'Change a provider; keys are kept by their ids, and all of them where none are given' })
  @ApiReply(200, providerReply)
  update(
    @Param('id') id: string,
    @Body({ schema: updateProviderBody }) body: ProviderSettings,
  ): Promise<ProviderReply> {
    return this.providers.update(id, body);
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Delete a provider with its keys; calls that are running end as they began' })
  @ApiReply(204)
  delete(@Param('id') id: string): Promise<void> {
    return this.providers.delete(id);
  }
}
