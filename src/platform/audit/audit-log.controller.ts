import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { RequireRole } from '../auth/access.js';
import { ApiReply } from '../http/api-reply.js';
import { pageOf } from '../http/page.pure.js';
import { periodOf } from '../http/period.js';
import { toIso, type Clock } from '../time.js';
import { CLOCK } from '../tokens.js';
import { auditLogQuery, auditLogReply, toReply } from './audit-log.dto.js';
import { AuditLog } from './audit-log.js';

/** The writes to this module. */
@ApiTags('Audit log')
@RequireRole('admin')
@Controller('api/v1/audit-log')
export class AuditLogController {
  constructor(
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Who changed what, the newest first; refused writes included' })
  @ApiReply(200, auditLogReply)
  async list(
    @Query({ schema: auditLogQuery }) query: z.output<typeof auditLogQuery>,
  ): Promise<z.output<typeof auditLogReply>> {
    const period = periodOf(query, this.clock.now());
    const found = await this.audit.list(period, query.limit + 1, query.cursor ?? null);
    const page = pageOf(found, query.limit, (entry) => [toIso(entry.at), entry.id]);
    return { entries: page.items.map(toReply), next_cursor: page.nextCursor };
  }
}
