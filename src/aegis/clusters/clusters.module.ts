import { Module } from '@nestjs/common';
import { ClusterConnections } from './cluster-connections.js';
import { ClusterWatch } from './cluster-watch.job.js';
import { ClustersController } from './clusters.controller.js';
import { ClustersRepository } from './clusters.repository.js';
import { ClustersService } from './clusters.service.js';

/** Clusters, and the way to call them. */
@Module({
  controllers: [ClustersController],
  providers: [ClusterConnections, ClusterWatch, ClustersRepository, ClustersService],
  exports: [ClusterConnections, ClustersService],
})
export class ClustersModule {}
