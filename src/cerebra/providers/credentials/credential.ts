/** What a provider's last words about a key were; `unreadable`: no master key is given that opens it. */
export const credentialStates = ['active', 'resting', 'failing', 'unreadable'] as const;
export type CredentialState = (typeof credentialStates)[number];

/** The provider does not take the key at all, unlike a 429, which only asks to wait. */
const DENIED: ReadonlySet<number> = new Set([401, 402, 403]);

/** An answer that speaks of the key and not of the call: another key may be served all the same. */
export const isRefusal = (status: number): boolean => status === 429 || DENIED.has(status);

/** One key of a provider, and how it fares. Lives as long as its provider stays as it is. */
export class Credential {
  /** Its claim on the next call, see {@link CredentialSet.pick}. */
  claim = 0;
  /** Unix time in milliseconds; 0: it was never sent to rest. */
  restsUntilMs = 0;
  #denied = false;

  constructor(
    /** Null: the provider is called without a key. */
    readonly id: string | null,
    readonly weight: number,
    /** Sent with every call, flat: name, value, name, value. */
    readonly headers: readonly string[],
  ) {}

  get denied(): boolean {
    return this.#denied;
  }

  /** Told of every answer that a call with it was given. */
  answered(status: number): void {
    if (status < 400) this.#denied = false;
    else if (DENIED.has(status)) this.#denied = true;
  }

  stateAt(nowMs: number): CredentialState {
    if (this.#denied) return 'failing';
    return this.restsUntilMs > nowMs ? 'resting' : 'active';
  }
}
