import { Module } from '@nestjs/common';
import { BudgetsModule } from '../budgets/budgets.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { Callers } from './callers.js';
import { HeaderCallers } from './header-callers.js';
import { KeyMap } from './key-map.js';
import { KeysController } from './keys.controller.js';
import { KeysRepository } from './keys.repository.js';
import { KeysService } from './keys.service.js';
import { AgentsController } from './owners/agents.controller.js';
import { FirstSeenOwners } from './owners/first-seen.js';
import { OrganizationsController } from './owners/organizations.controller.js';
import { OwnerMap } from './owners/owner-map.js';
import { OwnersRepository } from './owners/owners.repository.js';
import { OwnersService } from './owners/owners.service.js';
import { TeamsController } from './owners/teams.controller.js';

/** Who is calling. */
@Module({
  imports: [RevisionsModule, BudgetsModule],
  controllers: [AgentsController, KeysController, OrganizationsController, TeamsController],
  providers: [
    Callers,
    FirstSeenOwners,
    HeaderCallers,
    KeyMap,
    KeysRepository,
    KeysService,
    OwnerMap,
    OwnersRepository,
    OwnersService,
  ],
  exports: [Callers],
})
export class IdentityModule {}
