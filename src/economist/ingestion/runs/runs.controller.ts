import { Controller, Get, Headers, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ApiReply } from '../../../platform/http/api-reply.js';
import { pageOf, type Page } from '../../../platform/http/page.pure.js';
import { SourcesRepository } from '../../sources/sources.repository.js';
import {
  rejectionsReply,
  repairsReply,
  reportedRowsQuery,
  toReportedRowReply,
  type ReportedRowReply,
  type ReportedRowsQuery,
} from './reported-rows.dto.js';
import { ReportedRows, type ReportTable } from './reported-rows.repository.js';
import { RunEvents } from './run-events.js';
import { runReply, runsQuery, runsReply, toRunReply, type RunReply, type RunsQuery } from './runs.dto.js';
import { RunsRepository } from './runs.repository.js';
import { RunsService } from './runs.service.js';

/** What was read from sources, or is being read. */
@ApiTags('Runs')
@Controller('api/v1/runs')
export class RunsController {
  constructor(
    @Inject(RunsService) private readonly runs: RunsService,
    @Inject(RunsRepository) private readonly repository: RunsRepository,
    @Inject(ReportedRows) private readonly reports: ReportedRows,
    @Inject(RunEvents) private readonly events: RunEvents,
    @Inject(SourcesRepository) private readonly sources: SourcesRepository,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Runs, the newest first' })
  @ApiReply(200, runsReply)
  async list(@Query({ schema: runsQuery }) query: RunsQuery): Promise<z.output<typeof runsReply>> {
    const source = query.source === undefined ? null : await this.sources.get(query.source);
    const found = await this.repository.list(query, source?.id ?? null);
    const page = pageOf(found, query.limit, ({ run }) => [run.createdAt.toISOString(), run.id]);
    return { runs: page.items.map(toRunReply), next_cursor: page.nextCursor };
  }

  @Get(':id')
  @ApiOperation({ summary: 'A run: how far it is, or what it brought' })
  @ApiReply(200, runReply)
  async get(@Param('id') id: string): Promise<RunReply> {
    return toRunReply(await this.repository.get(id));
  }

  @Post(':id/cancel')
  @ApiOperation({ summary: 'End a run; slices that it has swapped in already stay' })
  @ApiReply(202, runReply)
  async cancel(@Param('id') id: string): Promise<RunReply> {
    return toRunReply(await this.runs.cancel(id));
  }

  @Get(':id/rejections')
  @ApiOperation({ summary: 'Rows that became no charges, in the order of the file' })
  @ApiReply(200, rejectionsReply)
  async rejections(
    @Param('id') id: string,
    @Query({ schema: reportedRowsQuery }) query: ReportedRowsQuery,
  ): Promise<z.output<typeof rejectionsReply>> {
    const { items, nextCursor } = await this.page('rejected_rows', id, query);
    return { rejections: [...items], next_cursor: nextCursor };
  }

  @Get(':id/repairs')
  @ApiOperation({ summary: 'Values that were read otherwise than they stand in the file, in its order' })
  @ApiReply(200, repairsReply)
  async repairs(
    @Param('id') id: string,
    @Query({ schema: reportedRowsQuery }) query: ReportedRowsQuery,
  ): Promise<z.output<typeof repairsReply>> {
    const { items, nextCursor } = await this.page('repaired_rows', id, query);
    return { repairs: [...items], next_cursor: nextCursor };
  }

  @Get(':id/events')
  @ApiOperation({ summary: 'The run as server-sent events: `progress` whenever it changes, then `done`' })
  @ApiProduces('text/event-stream')
  @ApiReply(200)
  async stream(
    @Param('id') id: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.events.stream(id, lastEventId ?? null, request, reply);
  }

  private async page(table: ReportTable, runId: string, query: ReportedRowsQuery): Promise<Page<ReportedRowReply>> {
    await this.repository.get(runId);
    const found = await this.reports.list(table, runId, query.cursor ?? null, query.limit);
    const page = pageOf(found, query.limit, (row) => [row.part, row.line, row.column_name ?? '', row.code]);
    return { items: page.items.map(toReportedRowReply), nextCursor: page.nextCursor };
  }
}
