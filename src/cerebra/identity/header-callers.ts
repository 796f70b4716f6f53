import { Inject, Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { attributionIn, malformedHeader, type Attribution } from './attribution.pure.js';
import type { Caller } from './caller.js';
import { FirstSeenOwners } from './owners/first-seen.js';
import { OwnerMap } from './owners/owner-map.js';

/** Some 500 bytes each. There is no end to what headers may say, so a full map is emptied and fills again. */
const CALLERS_MAX = 10_000;

/** Callers without a virtual key: one object for each combination of ids, as much is kept by the object. */
@Injectable()
export class HeaderCallers {
  readonly #callers = new Map<string, Caller>();
  #generation = -1;

  constructor(
    @Inject(OwnerMap) private readonly owners: OwnerMap,
    @Inject(FirstSeenOwners) private readonly firstSeen: FirstSeenOwners,
  ) {}

  /** @returns null where a header holds no id */
  find(headers: IncomingHttpHeaders): Caller | null {
    if (this.#generation !== this.owners.generation) this.#forget();
    const attribution = attributionIn(headers);
    const { orgId, teamId, agentId, userId } = attribution;
    const said = `${orgId ?? ''}\n${teamId ?? ''}\n${agentId ?? ''}\n${userId ?? ''}`;
    const known = this.#callers.get(said);
    if (known !== undefined) return known;
    if (malformedHeader(headers) !== null) return null;
    const caller = Object.freeze({ ...attribution, ...this.owners.above(attribution), ...UNRESTRICTED });
    // What was passed over is to be noted again with its next call.
    if (this.#note(attribution)) this.#keep(said, caller);
    return caller;
  }

  #note({ orgId, teamId, agentId }: Attribution): boolean {
    const org = orgId === null || this.firstSeen.note('org', orgId);
    const team = teamId === null || this.firstSeen.note('team', teamId);
    const agent = agentId === null || this.firstSeen.note('agent', agentId);
    return org && team && agent;
  }

  #keep(said: string, caller: Caller): void {
    if (this.#callers.size >= CALLERS_MAX) this.#callers.clear();
    this.#callers.set(said, caller);
  }

  /** What stands above them may have changed. */
  #forget(): void {
    this.#generation = this.owners.generation;
    this.#callers.clear();
  }
}

/** The provider decides what its own key may do. */
const UNRESTRICTED = Object.freeze({
  keyId: null,
  tags: Object.freeze({}),
  allowedModels: null,
  limits: null,
  clampOutput: false,
});
