import { Module } from '@nestjs/common';
import { PricingModule } from '../pricing/pricing.module.js';
import { ProviderTable } from './provider-table.js';

@Module({ imports: [PricingModule], providers: [ProviderTable], exports: [ProviderTable] })
export class ProvidersModule {}
