import { Module } from '@nestjs/common';
import { AnalyticsModule } from './analytics/analytics.module.js';
import { BudgetsModule } from './budgets/budgets.module.js';
import { GatewayModule } from './gateway/gateway.module.js';
import { IdentityModule } from './identity/identity.module.js';
import { LedgerModule } from './ledger/ledger.module.js';

/** The gateway and all that it decides by, and the APIs that manage and show it. */
@Module({ imports: [IdentityModule, BudgetsModule, LedgerModule, AnalyticsModule, GatewayModule] })
export class CerebraModule {}
