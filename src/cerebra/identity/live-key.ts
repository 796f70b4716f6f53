import type { Caller } from './caller.js';
import type { OwnerMap } from './owners/owner-map.js';

/** A key in memory: whom it speaks for, as its agent and team are placed now. */
export class LiveKey {
  #caller: Caller;
  #generation = -1;

  /** @param own as the key itself says */
  constructor(private readonly own: Caller) {
    this.#caller = own;
  }

  /** The same object until something changes: much is kept by it. */
  caller(owners: Pick<OwnerMap, 'above' | 'generation'>): Caller {
    if (this.#generation !== owners.generation) this.#place(owners);
    return this.#caller;
  }

  #place(owners: Pick<OwnerMap, 'above' | 'generation'>): void {
    this.#generation = owners.generation;
    const { orgId, teamId } = owners.above(this.own);
    if (orgId === this.#caller.orgId && teamId === this.#caller.teamId) return;
    this.#caller = Object.freeze({ ...this.own, orgId, teamId });
  }
}
