import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ApiReply } from '../../platform/http/api-reply.js';
import { reportCsv } from './report-csv.pure.js';
import { reportQuery, reportReply } from './reports.dto.js';
import { ReportsService } from './reports.service.js';

@ApiTags('Analytics')
@Controller(['api/v1/analytics/reports', 'api/v1/report'])
export class ReportsController {
  constructor(@Inject(ReportsService) private readonly reports: ReportsService) {}

  @Get()
  @ApiOperation({ summary: 'What a period cost, by provider, model, team and agent; as JSON or CSV' })
  @ApiReply(200, reportReply)
  @ApiProduces('application/json', 'text/csv')
  async report(
    @Query({ schema: reportQuery }) { format, ...filter }: z.output<typeof reportQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof reportReply> | string> {
    const report = await this.reports.report(filter);
    if (format === 'json') return { report };
    const name = `llm-costs-${report.period.from.slice(0, 10)}-${report.period.to.slice(0, 10)}.csv`;
    reply.header('content-type', 'text/csv; charset=utf-8');
    reply.header('content-disposition', `attachment; filename="${name}"`);
    return reportCsv(report);
  }
}
