import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { invalid } from '../../platform/errors/platform.errors.js';
import { ApiReply } from '../../platform/http/api-reply.js';
import { periodOf } from '../../platform/http/period.js';
import { toIso, type Clock } from '../../platform/time.js';
import { CLOCK } from '../../platform/tokens.js';
import { summaryQuery, summaryReply, toGroup, toSums } from './summary.dto.js';
import { SummaryRepository } from './summary.repository.js';

/** Sums are taken over rows, so the period is what bounds their work. */
const LONGEST_PERIOD_DAYS = 366;

@ApiTags('Analytics')
@Controller('api/v1/analytics/summary')
export class SummaryController {
  constructor(
    @Inject(SummaryRepository) private readonly summaries: SummaryRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Cost, tokens, latency and errors by one dimension, the dearest first' })
  @ApiReply(200, summaryReply)
  async summarize(
    @Query({ schema: summaryQuery }) query: z.output<typeof summaryQuery>,
  ): Promise<z.output<typeof summaryReply>> {
    const { group_by, limit, ...filter } = query;
    const period = periodOf(query, this.clock.now());
    if (period.to - period.from > LONGEST_PERIOD_DAYS * 86_400_000) {
      throw invalid({ from: `A summary covers at most ${LONGEST_PERIOD_DAYS} days.` });
    }
    const { groups, totals } = await this.summaries.summarize({ ...filter, ...period }, group_by, limit);
    return {
      from: toIso(period.from),
      to: toIso(period.to),
      group_by,
      data: groups.map((row) => toGroup(group_by, row)),
      total: Number(groups[0]?.groups ?? 0),
      totals: toSums(totals),
    };
  }
}
