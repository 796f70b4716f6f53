import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ApiReply } from '../../../platform/http/api-reply.js';
import { pageOf } from '../../../platform/http/page.pure.js';
import { agentReply, agentsQuery, agentsReply, createAgentBody, toAgent, updateAgentBody } from './owners.dto.js';
import { OwnersRepository } from './owners.repository.js';
import { OwnersService } from './owners.service.js';

type Reply = z.output<typeof agentReply>;

/** Agents: programs that make calls, such as a bot or a job. */
@ApiTags('Agents')
@Controller('api/v1/agents')
export class AgentsController {
  constructor(
    @Inject(OwnersService) private readonly owners: OwnersService,
    @Inject(OwnersRepository) private readonly repository: OwnersRepository,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Agents, the newest first' })
  @ApiReply(200, agentsReply)
  async list(
    @Query({ schema: agentsQuery }) query: z.output<typeof agentsQuery>,
  ): Promise<z.output<typeof agentsReply>> {
    const { found, total } = await this.repository.list('agent', query);
    const page = pageOf(found, query.limit, (row) => [row.createdAt.toISOString(), row.id]);
    return { agents: page.items.map(toAgent), total, next_cursor: page.nextCursor };
  }

  @Post()
  @ApiOperation({ summary: 'Make an agent' })
  @ApiReply(201, agentReply)
  async create(@Body({ schema: createAgentBody }) body: z.output<typeof createAgentBody>): Promise<Reply> {
    return toAgent(await this.owners.create('agent', body));
  }

  @Get(':id')
  @ApiOperation({ summary: 'An agent' })
  @ApiReply(200, agentReply)
  async get(@Param('id') id: string): Promise<Reply> {
    return toAgent(await this.owners.get('agent', id));
  }

  @Put(':id')
  @ApiOperation({ summary: 'Rename or move an agent: its keys follow, on every replica, within a second' })
  @ApiReply(200, agentReply)
  async update(
    @Param('id') id: string,
    @Body({ schema: updateAgentBody }) body: z.output<typeof updateAgentBody>,
  ): Promise<Reply> {
    return toAgent(await this.owners.update('agent', id, body));
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Delete an agent that has no keys' })
  @ApiReply(204)
  async remove(@Param('id') id: string): Promise<void> {
    await this.owners.remove('agent', id);
  }
}
