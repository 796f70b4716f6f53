import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ApiReply } from '../../platform/http/api-reply.js';
import { costSummaryQuery, summaryQuery, summaryReply, type SummaryQuery, type SummaryReply } from './summary.dto.js';
import { SummaryService } from './summary.service.js';

@ApiTags('Analytics')
@Controller('api/v1')
export class SummaryController {
  constructor(@Inject(SummaryService) private readonly summaries: SummaryService) {}

  @Get('analytics/summary')
  @ApiOperation({ summary: 'Cost, tokens, latency and errors by one dimension, the dearest first' })
  @ApiReply(200, summaryReply)
  summarize(@Query({ schema: summaryQuery }) query: SummaryQuery): Promise<SummaryReply> {
    return this.summaries.summarize(query);
  }

  @Get('costs/summary')
  @ApiOperation({ summary: 'Short form of the summary' })
  @ApiReply(200, summaryReply)
  summarizeCosts(
    @Query({ schema: costSummaryQuery }) { dimension, ...query }: z.output<typeof costSummaryQuery>,
  ): Promise<SummaryReply> {
    return this.summaries.summarize({ ...query, group_by: dimension });
  }
}
