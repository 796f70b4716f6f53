import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/access.js';
import { ApiReply } from '../http/api-reply.js';
import { HealthRegistry } from './health-registry.js';
import { healthReportSchema, livenessSchema, type HealthReport, type Liveness } from './health.dto.js';

/** The probes: open to all, because balancers and kubelets carry no key. */
@Public()
@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(@Inject(HealthRegistry) private readonly registry: HealthRegistry) {}

  @Get()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'The state of the module and of everything it depends on' })
  @ApiReply(200, healthReportSchema, 'Everything is there.')
  @ApiResponse({ status: 503, description: 'A dependency is away; `dependencies` says which and why.' })
  async health(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthReport> {
    return answer(reply, await this.registry.health());
  }

  @Get('live')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Whether the module answers at all; restart it where it does not' })
  @ApiReply(200, livenessSchema, 'Its loop turns.')
  live(): Liveness {
    return { status: 'ok' };
  }

  @Get('ready')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Whether the module can do its main job now; send it no traffic where it can not' })
  @ApiReply(200, healthReportSchema, 'It can.')
  @ApiResponse({ status: 503, description: 'It lacks a dependency, or it is stopping.' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthReport> {
    return answer(reply, await this.registry.readiness());
  }
}

function answer(reply: FastifyReply, report: HealthReport): HealthReport {
  reply.status(report.status === 'ok' ? 200 : 503);
  return report;
}
