import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiReply } from '../../../platform/http/api-reply.js';
import { SourcesRepository } from '../../sources/sources.repository.js';
import { runReply, toRunReply, type RunReply } from '../runs/runs.dto.js';
import { syncBody, type SyncBody } from './syncs.dto.js';
import { SyncsService } from './syncs.service.js';

@ApiTags('Sources')
@Controller('api/v1/sources')
export class SyncsController {
  constructor(
    @Inject(SyncsService) private readonly syncs: SyncsService,
    @Inject(SourcesRepository) private readonly sources: SourcesRepository,
  ) {}

  @Post(':id/sync')
  @ApiOperation({ summary: 'Read a source now: what may have changed lately, or the days that are given' })
  @ApiReply(202, runReply, 'It will be read; the run says how far it is.')
  async sync(@Param('id') id: string, @Body({ schema: syncBody }) body: SyncBody): Promise<RunReply> {
    return toRunReply(await this.syncs.start(await this.sources.get(id), body));
  }
}
