import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ApiReply } from '../../platform/http/api-reply.js';
import { pageOf } from '../../platform/http/page.pure.js';
import { checkCluster } from './cluster-checks.js';
import { ClusterConnections } from './cluster-connections.js';
import {
  clusterReply,
  clustersQuery,
  clustersReply,
  createClusterBody,
  rbacQuery,
  testReply,
  toReply,
  toTestReply,
  updateClusterBody,
  type ClusterChange,
  type ClusterReply,
  type ClustersQuery,
  type NewCluster,
  type RbacQuery,
} from './clusters.dto.js';
import { ClustersRepository } from './clusters.repository.js';
import { ClustersService } from './clusters.service.js';
import { rbacManifest } from './rbac/manifest.js';

/** Kubernetes clusters that are backed up, or restored to. */
@ApiTags('Clusters')
@Controller('api/v1/clusters')
export class ClustersController {
  constructor(
    @Inject(ClustersService) private readonly clusters: ClustersService,
    @Inject(ClustersRepository) private readonly repository: ClustersRepository,
    @Inject(ClusterConnections) private readonly connections: ClusterConnections,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Clusters and how they are, the newest first' })
  @ApiReply(200, clustersReply)
  async list(@Query({ schema: clustersQuery }) query: ClustersQuery): Promise<z.output<typeof clustersReply>> {
    const { found, total } = await this.repository.list(query);
    const page = pageOf(found, query.limit, (row) => [row.createdAt.toISOString(), row.id]);
    return { clusters: page.items.map(toReply), total, next_cursor: page.nextCursor };
  }

  @Post()
  @ApiOperation({ summary: 'Register a cluster; its credential is kept encrypted and shown to nobody' })
  @ApiReply(201, clusterReply)
  async create(@Body({ schema: createClusterBody }) body: NewCluster): Promise<ClusterReply> {
    return toReply(await this.clusters.create(body));
  }

  @Get('rbac')
  @ApiOperation({ summary: 'The manifest to apply on a managed cluster: a service account with the least rights' })
  @HttpCode(200)
  @Header('content-type', 'application/yaml; charset=utf-8')
  @ApiOkResponse({ description: 'YAML', content: { 'application/yaml': { schema: { type: 'string' } } } })
  rbac(@Query({ schema: rbacQuery }) { role }: RbacQuery): string {
    return rbacManifest(role);
  }

  @Get(':id')
  @ApiOperation({ summary: 'A cluster and how it is' })
  @ApiReply(200, clusterReply)
  async get(@Param('id') id: string): Promise<ClusterReply> {
    return toReply(await this.clusters.get(id));
  }

  @Put(':id')
  @ApiOperation({ summary: 'Rename a cluster, or give it another credential; without one, that before stays' })
  @ApiReply(200, clusterReply)
  async update(
    @Param('id') id: string,
    @Body({ schema: updateClusterBody }) body: ClusterChange,
  ): Promise<ClusterReply> {
    return toReply(await this.clusters.update(id, body));
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Forget a cluster and its credential; its backups stay. Refused while a policy names it' })
  @ApiReply(204)
  async delete(@Param('id') id: string): Promise<void> {
    await this.clusters.delete(id);
  }

  @Post(':id/test')
  @ApiOperation({ summary: 'Try whether a backup has what it needs of a cluster, part by part' })
  @ApiReply(200, testReply)
  async test(@Param('id') id: string): Promise<z.output<typeof testReply>> {
    return toTestReply(await checkCluster(await this.connections.open(id)));
  }
}
