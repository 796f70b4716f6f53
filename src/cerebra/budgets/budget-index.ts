import type { Caller } from '../identity/caller.js';
import type { Budget, Scope } from './budget-gate.js';

const NONE: readonly Budget[] = Object.freeze([]);

/** Which budgets cover a call. Of the whole answer only model and provider differ between the calls of one key. */
export class BudgetIndex {
  private readonly byId = new Map<string, Budget>();
  private readonly byEntity = new Map<string, Budget[]>();
  /** Lives as long as the key's own object, and is thrown away whole on any change: both are rare. */
  private byCaller = new WeakMap<Caller, readonly Budget[]>();

  get(id: string): Budget | null {
    return this.byId.get(id) ?? null;
  }

  all(): readonly Budget[] {
    return [...this.byId.values()];
  }

  put(budget: Budget): void {
    this.remove(budget.id);
    this.byId.set(budget.id, budget);
    const key = entityKey(budget.scope, budget.entityId);
    this.byEntity.set(key, [...(this.byEntity.get(key) ?? []), budget]);
    this.byCaller = new WeakMap();
  }

  remove(id: string): void {
    const budget = this.byId.get(id);
    if (!budget) return;
    this.byId.delete(id);
    const key = entityKey(budget.scope, budget.entityId);
    const rest = (this.byEntity.get(key) ?? []).filter((other) => other.id !== id);
    if (rest.length > 0) this.byEntity.set(key, rest);
    else this.byEntity.delete(key);
    this.byCaller = new WeakMap();
  }

  covering(caller: Caller, model: string, provider: string): readonly Budget[] {
    const own = this.ofCaller(caller);
    const ofModel = this.of('model', model);
    const ofProvider = this.of('provider', provider);
    if (ofModel.length === 0 && ofProvider.length === 0) return own;
    return [...own, ...ofModel, ...ofProvider];
  }

  private ofCaller(caller: Caller): readonly Budget[] {
    const known = this.byCaller.get(caller);
    if (known) return known;
    const budgets = [
      ...this.of('key', caller.keyId),
      ...this.of('agent', caller.agentId),
      ...this.of('user', caller.userId),
      ...this.of('team', caller.teamId),
      ...this.of('org', caller.orgId),
      ...Object.entries(caller.tags).flatMap(([name, value]) => this.of('tag', `${name}:${value}`)),
    ];
    this.byCaller.set(caller, budgets);
    return budgets;
  }

  private of(scope: Scope, entityId: string | null): readonly Budget[] {
    return (entityId === null ? undefined : this.byEntity.get(entityKey(scope, entityId))) ?? NONE;
  }
}

/** No scope holds a colon, so two entities never share a key. */
const entityKey = (scope: Scope, entityId: string): string => `${scope}:${entityId}`;
