import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ApiReply } from '../../../platform/http/api-reply.js';
import { pageOf } from '../../../platform/http/page.pure.js';
import {
  organizationReply,
  organizationsQuery,
  organizationsReply,
  createOrganizationBody,
  toOrganization,
  updateOrganizationBody,
} from './owners.dto.js';
import { OwnersRepository } from './owners.repository.js';
import { OwnersService } from './owners.service.js';

type Reply = z.output<typeof organizationReply>;

/** The top of the hierarchy: what its teams, agents and keys spend counts for its budgets. */
@ApiTags('Organizations')
@Controller('api/v1/organizations')
export class OrganizationsController {
  constructor(
    @Inject(OwnersService) private readonly owners: OwnersService,
    @Inject(OwnersRepository) private readonly repository: OwnersRepository,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Organizations, the newest first' })
  @ApiReply(200, organizationsReply)
  async list(
    @Query({ schema: organizationsQuery }) query: z.output<typeof organizationsQuery>,
  ): Promise<z.output<typeof organizationsReply>> {
    const { found, total } = await this.repository.list('org', query);
    const page = pageOf(found, query.limit, (row) => [row.createdAt.toISOString(), row.id]);
    return { organizations: page.items.map(toOrganization), total, next_cursor: page.nextCursor };
  }

  @Post()
  @ApiOperation({ summary: 'Make an organization' })
  @ApiReply(201, organizationReply)
  async create(
    @Body({ schema: createOrganizationBody }) body: z.output<typeof createOrganizationBody>,
  ): Promise<Reply> {
    return toOrganization(await this.owners.create('org', body));
  }

  @Get(':id')
  @ApiOperation({ summary: 'An organization' })
  @ApiReply(200, organizationReply)
  async get(@Param('id') id: string): Promise<Reply> {
    return toOrganization(await this.owners.get('org', id));
  }

  @Put(':id')
  @ApiOperation({ summary: 'Rename an organization' })
  @ApiReply(200, organizationReply)
  async update(
    @Param('id') id: string,
    @Body({ schema: updateOrganizationBody }) body: z.output<typeof updateOrganizationBody>,
  ): Promise<Reply> {
    return toOrganization(await this.owners.update('org', id, body));
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Delete an organization that has no teams, agents or keys' })
  @ApiReply(204)
  async remove(@Param('id') id: string): Promise<void> {
    await this.owners.remove('org', id);
  }
}
