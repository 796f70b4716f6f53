import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ApiReply } from '../../platform/http/api-reply.js';
import { pageOf } from '../../platform/http/page.pure.js';
import { periodOf } from '../../platform/http/period.js';
import { instant, type Clock } from '../../platform/time.js';
import { CLOCK } from '../../platform/tokens.js';
import { justAnswered } from './just-answered.js';
import { requestsQuery, requestsReply, toRequestReply } from './requests.dto.js';
import { RequestsRepository } from './requests.repository.js';
import { SpoolLedger } from './spool-ledger.js';

/** The ledger, row by row. */
@ApiTags('Requests')
@Controller('api/v1')
export class RequestsController {
  constructor(
    @Inject(RequestsRepository) private readonly requests: RequestsRepository,
    @Inject(SpoolLedger) private readonly ledger: Pick<SpoolLedger, 'upToDate'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('requests')
  @ApiOperation({ summary: 'Calls, the newest first; one that was answered here has its row' })
  @ApiReply(200, requestsReply)
  async list(
    @Query({ schema: requestsQuery }) query: z.output<typeof requestsQuery>,
  ): Promise<z.output<typeof requestsReply>> {
    await justAnswered(this.ledger);
    const { limit, cursor, ...filter } = query;
    const after = cursor === undefined ? null : { time: instant(Date.parse(cursor[0])), id: cursor[1] };
    const found = await this.requests.list({ ...filter, ...periodOf(query, this.clock.now()) }, after, limit + 1);
    const page = pageOf(found, limit, (row) => [row.time.toISOString(), row.id]);
    return { requests: page.items.map(toRequestReply), next_cursor: page.nextCursor };
  }

  @Get('costs/requests')
  @ApiOperation({ summary: 'Short form of the list of requests' })
  @ApiReply(200, requestsReply)
  listCosts(
    @Query({ schema: requestsQuery }) query: z.output<typeof requestsQuery>,
  ): Promise<z.output<typeof requestsReply>> {
    return this.list(query);
  }
}
