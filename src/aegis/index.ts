import { aegisMigrations } from '../../migrations/aegis/index.js';
import { defineContext } from '../platform/bounded-context.js';
import { aegisConfig } from './aegis.config.js';
import { aegisErrors } from './aegis.errors.js';
import { AegisModule } from './aegis.module.js';
import { ClusterRow } from './clusters/cluster.entity.js';

/** The resilience engine: Kubernetes backups that are proven to restore. */
export const aegis = defineContext({
  name: 'aegis',
  title: 'Aegis',
  description: 'Kubernetes backup and disaster recovery',
  config: aegisConfig,
  storage: { schema: 'aegis', entities: [ClusterRow], migrations: aegisMigrations },
  errors: aegisErrors,
  module: AegisModule,
});
