import type { MigrationClass } from '../../src/platform/bounded-context.js';
import { CreateRevisions1764000000050 } from './1764000000050-create-revisions.js';
import { CreateKeys1764000000100 } from './1764000000100-create-keys.js';
import { CreateBudgets1764000000200 } from './1764000000200-create-budgets.js';
import { CreateRequests1764000000300 } from './1764000000300-create-requests.js';
import { AddKeyLimits1764000000400 } from './1764000000400-add-key-limits.js';
import { AddTokenBuckets1764000000500 } from './1764000000500-add-token-buckets.js';
import { CreatePrices1764000000600 } from './1764000000600-create-prices.js';
import { CreateRollups1764000000800 } from './1764000000800-create-rollups.js';
import { CreateOwners1764000001000 } from './1764000001000-create-owners.js';
import { AddKeyRotation1764000001010 } from './1764000001010-add-key-rotation.js';
import { CreateProviders1764000001100 } from './1764000001100-create-providers.js';
import { CreateMonthlyRollup1764000001300 } from './1764000001300-create-monthly-rollup.js';

/** In the order in which they run; only ever appended to. */
export const cerebraMigrations: readonly MigrationClass[] = [
  CreateRevisions1764000000050,
  CreateKeys1764000000100,
  CreateBudgets1764000000200,
  CreateRequests1764000000300,
  AddKeyLimits1764000000400,
  AddTokenBuckets1764000000500,
  CreatePrices1764000000600,
  CreateRollups1764000000800,
  CreateOwners1764000001000,
  AddKeyRotation1764000001010,
  CreateProviders1764000001100,
  CreateMonthlyRollup1764000001300,
];
