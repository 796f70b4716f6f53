import type { Spending } from '../spending.js';
import { LuaScript } from './lua-script.js';
import { keyOf, expiryOf, type BudgetWindow } from './operation.js';
import type { Store } from './store.js';
import { seedLua } from './upkeep.lua.js';

const script = new LuaScript(seedLua);

/** Begins windows in the store with what the ledger knows. */
export class Seeds {
  constructor(
    private readonly store: Store,
    private readonly spending: Spending,
  ) {}

  /** @returns false when the ledger or the store cannot be asked now */
  async plant(epoch: string, place: BudgetWindow): Promise<boolean> {
    const spent = await this.spending.since(place.budget, place.window.start);
    if (spent === null) return false;
    const { countedSince } = place.budget;
    return (await this.store.run(script, [epoch, keyOf(place), countedSince, spent, expiryOf(place)])) !== null;
  }
}
