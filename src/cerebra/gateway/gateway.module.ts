import { Module } from '@nestjs/common';
import { BudgetsModule } from '../budgets/budgets.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { PricingModule } from '../pricing/pricing.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { ActiveCalls } from './active-calls.js';
import { CallCounts } from './call-counts.js';
import { ChatCompletions } from './chat-completions.js';
import { Door } from './door.js';
import { Endings } from './endings.js';
import { GatewayMetrics } from './gateway-metrics.js';
import { ModelList } from './model-list.js';
import { OpenAiSurfaceRoutes } from './openai-surface.routes.js';
import { ProbeRoutes } from './probe.routes.js';

/** The hot path: from the OpenAI surface to a provider and back. */
@Module({
  imports: [IdentityModule, BudgetsModule, LedgerModule, PricingModule, ProvidersModule],
  providers: [
    ActiveCalls,
    CallCounts,
    ChatCompletions,
    Door,
    Endings,
    GatewayMetrics,
    ModelList,
    OpenAiSurfaceRoutes,
    ProbeRoutes,
  ],
})
export class GatewayModule {}
