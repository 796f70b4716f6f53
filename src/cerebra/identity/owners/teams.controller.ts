import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ApiReply } from '../../../platform/http/api-reply.js';
import { pageOf } from '../../../platform/http/page.pure.js';
import { teamReply, teamsQuery, teamsReply, createTeamBody, toTeam, updateTeamBody } from './owners.dto.js';
import { OwnersRepository } from './owners.repository.js';
import { OwnersService } from './owners.service.js';

type Reply = z.output<typeof teamReply>;

/** Teams: their keys and agents count for the budgets of the team, and of its organization. */
@ApiTags('Teams')
@Controller('api/v1/teams')
export class TeamsController {
  constructor(
    @Inject(OwnersService) private readonly owners: OwnersService,
    @Inject(OwnersRepository) private readonly repository: OwnersRepository,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Teams, the newest first' })
  @ApiReply(200, teamsReply)
  async list(@Query({ schema: teamsQuery }) query: z.output<typeof teamsQuery>): Promise<z.output<typeof teamsReply>> {
    const { found, total } = await this.repository.list('team', query);
    const page = pageOf(found, query.limit, (row) => [row.createdAt.toISOString(), row.id]);
    return { teams: page.items.map(toTeam), total, next_cursor: page.nextCursor };
  }

  @Post()
  @ApiOperation({ summary: 'Make a team' })
  @ApiReply(201, teamReply)
  async create(@Body({ schema: createTeamBody }) body: z.output<typeof createTeamBody>): Promise<Reply> {
    return toTeam(await this.owners.create('team', body));
  }

  @Get(':id')
  @ApiOperation({ summary: 'A team' })
  @ApiReply(200, teamReply)
  async get(@Param('id') id: string): Promise<Reply> {
    return toTeam(await this.owners.get('team', id));
  }

  @Put(':id')
  @ApiOperation({ summary: 'Rename or move a team: its keys follow, on every replica, within a second' })
  @ApiReply(200, teamReply)
  async update(
    @Param('id') id: string,
    @Body({ schema: updateTeamBody }) body: z.output<typeof updateTeamBody>,
  ): Promise<Reply> {
    return toTeam(await this.owners.update('team', id, body));
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Delete a team that has no agents or keys' })
  @ApiReply(204)
  async remove(@Param('id') id: string): Promise<void> {
    await this.owners.remove('team', id);
  }
}
