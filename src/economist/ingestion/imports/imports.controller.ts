import { Body, Controller, Inject, Post } from '@nestjs/common';
import { ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiReply } from '../../../platform/http/api-reply.js';
import { TakesFiles } from '../../uploads/takes-files.js';
import { runReply, toRunReply, type RunReply } from '../runs/runs.dto.js';
import { importBody, type ImportBody } from './imports.dto.js';
import { ImportsService } from './imports.service.js';

/** Files of costs that are sent, or named. */
@ApiTags('Imports')
@Controller('api/v1/imports')
export class ImportsController {
  constructor(@Inject(ImportsService) private readonly imports: ImportsService) {}

  @Post()
  @TakesFiles()
  @ApiConsumes('multipart/form-data', 'application/json')
  @ApiOperation({ summary: 'Read a file of costs: an upload, a path or an https address' })
  @ApiReply(202, runReply, 'It will be read; the run says how far it is.')
  async create(@Body({ schema: importBody }) body: ImportBody): Promise<RunReply> {
    return toRunReply(await this.imports.start(body));
  }
}
