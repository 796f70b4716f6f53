import { Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { attributionIn, malformedHeader } from './attribution.pure.js';
import type { Caller } from './caller.js';

/** Some 500 bytes each. There is no end to what headers may say, so a full map is emptied and fills again. */
const CALLERS_MAX = 10_000;

/** Callers without a virtual key: one object for each combination of ids, as much is kept by the object. */
@Injectable()
export class HeaderCallers {
  readonly #callers = new Map<string, Caller>();

  /** @returns null where a header holds no id */
  find(headers: IncomingHttpHeaders): Caller | null {
    const attribution = attributionIn(headers);
    const { orgId, teamId, agentId, userId } = attribution;
    const said = `${orgId ?? ''}\n${teamId ?? ''}\n${agentId ?? ''}\n${userId ?? ''}`;
    const known = this.#callers.get(said);
    if (known !== undefined) return known;
    if (malformedHeader(headers) !== null) return null;
    const caller = Object.freeze({ ...attribution, ...UNRESTRICTED });
    if (this.#callers.size >= CALLERS_MAX) this.#callers.clear();
    this.#callers.set(said, caller);
    return caller;
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
