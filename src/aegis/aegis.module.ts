import { Module } from '@nestjs/common';
import { ClustersModule } from './clusters/clusters.module.js';

/** Backups of clusters that are proven to restore, and the APIs that manage and show them. */
@Module({ imports: [ClustersModule] })
export class AegisModule {}
