import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import type { BoundedContext } from './bounded-context.js';
import type { Settings } from './config/settings.js';
import type { Connections } from './connections.js';
import { HealthController } from './health/health.controller.js';
import { managementControllers, managementProviders } from './http/management.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { systemClock } from './time.js';
import { CLOCK, CONFIG, CONNECTIONS, SETTINGS } from './tokens.js';

/** What the host gives every context: its settings and the platform's services, injectable everywhere in its app. */
@Module({})
export class PlatformModule {
  static forContext(
    context: BoundedContext,
    settings: Settings,
    connections: Connections,
    engines: readonly Provider[],
  ): DynamicModule {
    const config = settings.contexts.find(({ name }) => name === context.name)?.config ?? {};
    const providers: Provider[] = [
      { provide: SETTINGS, useValue: settings },
      { provide: CONNECTIONS, useValue: connections },
      { provide: CONFIG, useValue: config },
      { provide: CLOCK, useValue: systemClock },
      ...engines,
      ...managementProviders(context),
    ];
    const controllers = [HealthController, MetricsController, ...managementControllers(context)];
    return { module: PlatformModule, global: true, controllers, providers, exports: providers };
  }
}
