import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ApiReply } from '../../platform/http/api-reply.js';
import { pageOf } from '../../platform/http/page.pure.js';
import type { Clock } from '../../platform/time.js';
import { CLOCK } from '../../platform/tokens.js';
import { SourceTests } from './source-tests.js';
import {
  createSourceBody,
  deleteSourceQuery,
  sourceReply,
  sourcesQuery,
  sourcesReply,
  sourceTestReply,
  toSourceReply,
  toTestReply,
  updateSourceBody,
  type NewSource,
  type SourceReply,
  type SourcesQuery,
  type SourceUpdate,
} from './sources.dto.js';
import { SourcesRepository } from './sources.repository.js';
import { SourcesService } from './sources.service.js';

/** Where charges come from. Each is named by its id or its name. */
@ApiTags('Sources')
@Controller('api/v1/sources')
export class SourcesController {
  constructor(
    @Inject(SourcesService) private readonly sources: SourcesService,
    @Inject(SourcesRepository) private readonly repository: SourcesRepository,
    @Inject(SourceTests) private readonly tests: SourceTests,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Sources by their names' })
  @ApiReply(200, sourcesReply)
  async list(@Query({ schema: sourcesQuery }) query: SourcesQuery): Promise<z.output<typeof sourcesReply>> {
    const { found, total } = await this.repository.list(query);
    const page = pageOf(found, query.limit, ({ name }) => [name]);
    const now = this.clock.now();
    return { sources: page.items.map((row) => toSourceReply(row, now)), total, next_cursor: page.nextCursor };
  }

  @Post()
  @ApiOperation({ summary: 'Make a source; its credentials are stored encrypted and never shown' })
  @ApiReply(201, sourceReply)
  async create(@Body({ schema: createSourceBody }) body: NewSource): Promise<SourceReply> {
    return toSourceReply(await this.sources.create(body), this.clock.now());
  }

  @Get(':id')
  @ApiOperation({ summary: 'A source, without its credentials' })
  @ApiReply(200, sourceReply)
  async get(@Param('id') id: string): Promise<SourceReply> {
    return toSourceReply(await this.repository.get(id), this.clock.now());
  }

  @Put(':id')
  @ApiOperation({ summary: 'Change a source; its type stays, and its credentials where none are given' })
  @ApiReply(200, sourceReply)
  async update(@Param('id') id: string, @Body({ schema: updateSourceBody }) body: SourceUpdate): Promise<SourceReply> {
    return toSourceReply(await this.sources.update(id, body), this.clock.now());
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Delete a source, and say what becomes of the charges that it has brought' })
  @ApiReply(204)
  async delete(
    @Param('id') id: string,
    @Query({ schema: deleteSourceQuery }) { charges }: z.output<typeof deleteSourceQuery>,
  ): Promise<void> {
    await this.sources.delete(id, charges);
  }

  @Post(':id/test')
  @ApiOperation({ summary: 'Ask whether the source can be reached and read' })
  @ApiReply(200, sourceTestReply)
  async test(@Param('id') id: string): Promise<z.output<typeof sourceTestReply>> {
    return toTestReply(await this.tests.test(await this.repository.get(id)));
  }
}
