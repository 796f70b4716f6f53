import { cerebraMigrations } from '../../migrations/cerebra/index.js';
import { defineContext } from '../platform/bounded-context.js';
import { BudgetRow } from './budgets/budget.entity.js';
import { cerebraConfig } from './cerebra.config.js';
import { cerebraErrors } from './cerebra.errors.js';
import { CerebraModule } from './cerebra.module.js';
import { firstSteps } from './first-steps.js';
import { Key } from './identity/key.entity.js';
import { OwnerRow } from './identity/owners/owner.entity.js';
import { PriceRow } from './pricing/price.entity.js';
import { ProviderRow } from './providers/provider.entity.js';

/** The LLM gateway: every call attributed, priced, and held inside its budgets before it is sent. */
export const cerebra = defineContext({
  name: 'cerebra',
  title: 'Cerebra',
  description: 'LLM gateway',
  config: cerebraConfig,
  storage: {
    schema: 'cerebra',
    entities: [Key, OwnerRow, BudgetRow, PriceRow, ProviderRow],
    migrations: cerebraMigrations,
    servesWithout: true,
  },
  errors: cerebraErrors,
  module: CerebraModule,
  firstSteps: (url, { demo }) => (demo ? firstSteps(url) : null),
});
