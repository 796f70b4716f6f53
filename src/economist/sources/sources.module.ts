import { Module } from '@nestjs/common';
import { ConfiguredSources } from './configured-sources.js';
import { ImportRoots } from './files/import-roots.js';
import { ForgetCharges } from './forget-charges.job.js';
import { ProviderUsageRepository } from './provider-usage.repository.js';
import { SourceLocks } from './source-locks.js';
import { SourceTests } from './source-tests.js';
import type { SourceType } from './source-type.js';
import { SourceTypes, sourceTypes } from './source-types.js';
import { SourcesController } from './sources.controller.js';
import { SourcesRepository } from './sources.repository.js';
import { SourcesService } from './sources.service.js';

/** Where charges come from: kinds of sources, those that users have set up, and what is needed to ask them. */
@Module({
  controllers: [SourcesController],
  providers: [
    ...sourceTypes,
    {
      provide: SourceTypes,
      inject: [...sourceTypes],
      useFactory: (...types: SourceType[]) => new SourceTypes(types),
    },
    ConfiguredSources,
    ForgetCharges,
    ImportRoots,
    ProviderUsageRepository,
    SourceLocks,
    SourceTests,
    SourcesRepository,
    SourcesService,
  ],
  exports: [ConfiguredSources, ImportRoots, ProviderUsageRepository, SourceLocks, SourcesRepository, SourcesService],
})
export class SourcesModule {}
