import { Module } from '@nestjs/common';
import { PricingModule } from '../pricing/pricing.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { CredentialMetrics } from './credentials/credential-metrics.js';
import { SealedCredentials } from './credentials/sealed-credentials.js';
import { ProviderListing } from './provider-listing.js';
import { ProviderTable } from './provider-table.js';
import { ProvidersController } from './providers.controller.js';
import { ProvidersRepository } from './providers.repository.js';
import { ProvidersService } from './providers.service.js';
import { StoredProviders } from './stored-providers.js';

/** Where models come from, and the API that shows and sets it. */
@Module({
  imports: [PricingModule, RevisionsModule],
  controllers: [ProvidersController],
  providers: [
    CredentialMetrics,
    ProviderListing,
    ProvidersRepository,
    ProvidersService,
    ProviderTable,
    SealedCredentials,
    StoredProviders,
  ],
  exports: [ProviderTable],
})
export class ProvidersModule {}
