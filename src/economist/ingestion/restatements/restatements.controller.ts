import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ApiReply } from '../../../platform/http/api-reply.js';
import { pageOf } from '../../../platform/http/page.pure.js';
import { SourcesRepository } from '../../sources/sources.repository.js';
import {
  restatementsQuery,
  restatementsReply,
  toRestatementReply,
  type RestatementsQuery,
} from './restatements.dto.js';
import { RestatementsRepository } from './restatements.repository.js';

/** What providers changed in months that were known already. */
@ApiTags('Restatements')
@Controller('api/v1/restatements')
export class RestatementsController {
  constructor(
    @Inject(RestatementsRepository) private readonly restatements: RestatementsRepository,
    @Inject(SourcesRepository) private readonly sources: SourcesRepository,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Billing months whose cost became another one, the latest first' })
  @ApiReply(200, restatementsReply)
  async list(
    @Query({ schema: restatementsQuery }) query: RestatementsQuery,
  ): Promise<z.output<typeof restatementsReply>> {
    const source = query.source === undefined ? null : await this.sources.get(query.source);
    const found = await this.restatements.list(query, source?.id ?? null);
    const page = pageOf(found, query.limit, (row) => [row.detected_at.toISOString(), row.id]);
    return { restatements: page.items.map(toRestatementReply), next_cursor: page.nextCursor };
  }
}
