import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiReply } from '../../platform/http/api-reply.js';
import { reportCsv } from './report-csv.pure.js';
import { reportQuery, reportReply, type ReportQuery, type ReportReply } from './reports.dto.js';
import { ReportsService } from './reports.service.js';

@ApiTags('Analytics')
@Controller('api/v1')
export class ReportsController {
  constructor(@Inject(ReportsService) private readonly reports: ReportsService) {}

  @Get('analytics/reports')
  @ApiOperation({ summary: 'What a period cost, by provider, model, team and agent; as JSON or CSV' })
  @ApiReply(200, reportReply)
  @ApiProduces('application/json', 'text/csv')
  async report(
    @Query({ schema: reportQuery }) { format, ...filter }: ReportQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReportReply | string> {
    const report = await this.reports.report(filter);
    if (format === 'json') return { report };
    const name = `llm-costs-${report.period.from.slice(0, 10)}-${report.period.to.slice(0, 10)}.csv`;
    reply.header('content-type', 'text/csv; charset=utf-8');
    reply.header('content-disposition', `attachment; filename="${name}"`);
    return reportCsv(report);
  }

  @Get('report')
  @ApiOperation({ summary: 'Short form of the report' })
  @ApiReply(200, reportReply)
  @ApiProduces('application/json', 'text/csv')
  shortReport(
    @Query({ schema: reportQuery }) query: ReportQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReportReply | string> {
    return this.report(query, reply);
  }
}
