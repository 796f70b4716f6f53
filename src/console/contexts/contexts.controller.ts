import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../platform/auth/access.js';
import { ApiReply } from '../../platform/http/api-reply.js';
import { contextListSchema, type ContextList } from './contexts.dto.js';
import { ContextsService } from './contexts.service.js';

/** Open like `/health`, since it shows no more than that. */
@Public()
@ApiTags('contexts')
@Controller('api/v1/contexts')
export class ContextsController {
  constructor(@Inject(ContextsService) private readonly contexts: ContextsService) {}

  @Get()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'The state of every context, as the console reaches it' })
  @ApiReply(200, contextListSchema)
  async list(): Promise<ContextList> {
    const contexts = await this.contexts.statuses();
    return { contexts, total: contexts.length };
  }
}
