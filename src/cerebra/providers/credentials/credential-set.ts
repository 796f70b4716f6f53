import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../../platform/time.js';
import { isRefusal, type Credential } from './credential.js';
import { restMs } from './rest.pure.js';

/** The keys of one provider: which is next, and which has to rest. A key rests only while another can take over. */
export class CredentialSet {
  /** The only key, which is then picked without looking; null where there are several. */
  readonly lone: Credential | null;

  constructor(
    private readonly first: Credential,
    private readonly others: readonly Credential[],
    private readonly clock: Clock,
  ) {
    this.lone = others.length === 0 ? first : null;
  }

  get all(): readonly Credential[] {
    return [this.first, ...this.others];
  }

  /** The key for a new call: by weight, evenly spread, among those that do not rest. */
  pick(): Credential {
    return this.lone ?? this.#heaviest(NOBODY, false) ?? this.#soonest();
  }

  /**
   * A key was answered so. Where another takes over, it rests.
   * @param tried all that this call was made with
   * @returns the key to make the call with instead; null: the answer stands
   */
  successorOf(
    refused: Credential,
    status: number,
    headers: IncomingHttpHeaders,
    tried: ReadonlySet<Credential>,
  ): Credential | null {
    if (this.lone !== null || !isRefusal(status)) return null;
    // What is only limited may be better than what is denied; but no call goes through all that are limited.
    const successor = this.#heaviest(tried, false) ?? (status === 429 ? null : this.#heaviest(tried, true));
    if (successor === null) return null;
    const now = this.clock.now();
    refused.restsUntilMs = now + restMs(status, headers, now);
    return successor;
  }

  /** Smooth weighted round robin: every key's claim grows by its weight, and whoever is served pays for all. */
  #heaviest(except: ReadonlySet<Credential>, evenLimited: boolean): Credential | null {
    const now = this.clock.now();
    let heaviest: Credential | null = null;
    let total = 0;
    for (let at = -1; at < this.others.length; at++) {
      const credential = this.others[at] ?? this.first;
      if (except.has(credential) || (credential.restsUntilMs > now && !(evenLimited && !credential.denied))) continue;
      credential.claim += credential.weight;
      total += credential.weight;
      if (heaviest === null || credential.claim > heaviest.claim) heaviest = credential;
    }
    if (heaviest !== null) heaviest.claim -= total;
    return heaviest;
  }

  /** All of them rest, since the last one was denied: whoever is back first, and not denied if possible. */
  #soonest(): Credential {
    return this.all.reduce((best, one) => (comesBefore(one, best) ? one : best));
  }
}

const comesBefore = (one: Credential, another: Credential): boolean =>
  one.denied === another.denied ? one.restsUntilMs < another.restsUntilMs : another.denied;

const NOBODY: ReadonlySet<Credential> = new Set();
