import { Module } from '@nestjs/common';
import { BudgetsModule } from '../budgets/budgets.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { Callers } from './callers.js';
import { HeaderCallers } from './header-callers.js';
import { KeyMap } from './key-map.js';
import { KeysController } from './keys.controller.js';
import { KeysRepository } from './keys.repository.js';
import { KeysService } from './keys.service.js';

/** Who is calling. */
@Module({
  imports: [RevisionsModule, BudgetsModule],
  controllers: [KeysController],
  providers: [Callers, HeaderCallers, KeyMap, KeysRepository, KeysService],
  exports: [Callers],
})
export class IdentityModule {}
