import { Module } from '@nestjs/common';
import { BudgetsModule } from '../budgets/budgets.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { PricingModule } from '../pricing/pricing.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { ActiveCalls } from './active-calls.js';
import { CallCounts } from './call-counts.js';
import { callSpansProvider } from './call-spans.provider.js';
import { Dispatch } from './dispatch.js';
import { Door } from './door.js';
import { Endings } from './endings.js';
import { GatewayMetrics } from './gateway-metrics.js';
import { ModelList } from './model-list.js';
import { ModelListRoutes } from './model-list.routes.js';
import { PassThrough } from './pass-through/pass-through.js';
import { PassThroughRoutes } from './pass-through/pass-through.routes.js';
import { ProbeRoutes } from './probe.routes.js';
import { Reception } from './reception.js';
import { SurfaceEntrance } from './surface-entrance.js';
import { SurfaceRoutes } from './surface.routes.js';
import { WrongBaseRoutes } from './wrong-base.routes.js';

/** The hot path: from the surfaces to a provider and back. */
@Module({
  imports: [IdentityModule, BudgetsModule, LedgerModule, PricingModule, ProvidersModule],
  providers: [
    ActiveCalls,
    CallCounts,
    callSpansProvider,
    Dispatch,
    Door,
    Endings,
    GatewayMetrics,
    ModelList,
    ModelListRoutes,
    PassThrough,
    PassThroughRoutes,
    ProbeRoutes,
    Reception,
    SurfaceEntrance,
    SurfaceRoutes,
    WrongBaseRoutes,
  ],
})
export class GatewayModule {}
