import { Controller, Get, HttpException, Inject, Module, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Registry } from 'prom-client';
import { HealthController } from '../../src/platform/health/health.controller.js';
import { HealthRegistry } from '../../src/platform/health/health-registry.js';
import { createAdapter } from '../../src/platform/http/adapter.js';
import { MetricsController } from '../../src/platform/metrics/metrics.controller.js';
import { observeRequests, type RequestObserver } from '../../src/platform/metrics/observe-requests.js';

@Controller('api/v1/things')
class ThingsController {
  constructor(@Inject(HealthRegistry) readonly health: HealthRegistry) {}

  @Get(':id')
  thing(): object {
    return { id: 'thing' };
  }

  @Get(':id/broken')
  broken(): never {
    throw new HttpException('broken', 503);
  }

  /** Never ends by itself. */
  @Get(':id/stream')
  stream(@Res() reply: FastifyReply): void {
    reply.hijack();
    reply.raw.writeHead(200);
    reply.raw.write('first');
  }
}

export interface ObservedApp {
  readonly app: NestFastifyApplication;
  readonly url: string;
  readonly health: HealthRegistry;
}

/** A context of one controller and one hot route, with the platform's observers and nothing else of the platform. */
export async function startObservedApp(registry: Registry, observers: RequestObserver[]): Promise<ObservedApp> {
  const health = new HealthRegistry('things');
  @Module({
    controllers: [HealthController, MetricsController, ThingsController],
    providers: [
      { provide: HealthRegistry, useValue: health },
      { provide: Registry, useValue: registry },
    ],
  })
  class ThingsModule {}
  const app = await NestFactory.create<NestFastifyApplication>(ThingsModule, createAdapter(), { logger: false });
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  observeRequests(fastify, observers);
  fastify.get('/hot', { config: { hot: true } }, () => 'hot');
  await app.listen(0, '127.0.0.1');
  return { app, url: await app.getUrl(), health };
}
