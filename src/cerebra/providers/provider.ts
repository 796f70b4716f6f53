import type { CredentialSet } from './credentials/credential-set.js';
import type { Api } from './dialect.js';
import type { Upstream } from './upstream.js';

/** Where a provider's API is, and how it is entered. */
export interface Address {
  readonly origin: string;
  /** The path of its root, without a slash at its end. */
  readonly root: string;
  readonly credentials: CredentialSet;
  /** Sent with every call beside the key, flat: name, value, name, value. */
  readonly headers: readonly string[];
}

/** Whether calls can be made: it may be switched off, or its keys are stored and no master key opens them. */
export type Availability = 'open' | 'disabled' | 'sealed';

/** One place that models come from. A new kind is one folder and one line in `kinds.ts`. */
export interface Provider {
  /** As in `openai/gpt-4o`, and in the ledger. */
  readonly name: string;
  readonly api: Api;
  readonly upstream: Upstream;
  /** Where calls go that are passed through as they are; null: it is in this process. */
  readonly address: Address | null;
  readonly availability: Availability;
  /** No key for it is configured: it answers only to callers who bring their own. */
  readonly needsOwnKey: boolean;
  /** Whether it has the model, which was asked for as `provider/model` (`named`) or by its plain name. */
  serves(model: string, named: boolean): boolean;
}
