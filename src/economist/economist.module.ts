import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { IngestionModule } from './ingestion/ingestion.module.js';
import { RoleGuard } from './role.guard.js';
import { SourcesModule } from './sources/sources.module.js';

/** Charges of all clouds: where they come from, and how they come into the ledger. */
@Module({
  imports: [SourcesModule, IngestionModule],
  providers: [{ provide: APP_GUARD, useClass: RoleGuard }],
})
export class EconomistModule {}
