import { Module } from '@nestjs/common';
import { ContextsController } from './contexts/contexts.controller.js';
import { ContextsService } from './contexts/contexts.service.js';
import { DoorRoutes } from './door/door.routes.js';
import { PageController } from './page/page.controller.js';

@Module({ controllers: [PageController, ContextsController], providers: [ContextsService, DoorRoutes] })
export class ConsoleModule {}
