import type { Tier } from '../pricing/usage.js';
import type { Unreadable } from './members.pure.js';

/** Bytes of a body that go upstream as another text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What the gateway must know of a request; the rest of the body it never looks at. */
export interface Asked {
  readonly model: string;
  /** Where the body names the model; null where the path does. */
  readonly modelAt: { readonly start: number; readonly end: number } | null;
  readonly stream: boolean;
  /** The client's limit for one choice; null: none. */
  readonly maxOutput: number | null;
  readonly choices: number;
  /** The dearest tier that it may be served in; left out: the standard one. */
  readonly tier?: Tier;
  /** The most searches that the provider may make for it, each at a fee; left out: none. */
  readonly webSearches?: number;
  /** The body names input that its bytes do not bound: images, files, what the provider has kept or will look up. */
  readonly media: boolean;
  /** What must be said upstream that the client did not say. */
  readonly edits: readonly Edit[];
  /** We ask for the event that tells the usage of a stream, the client did not. */
  readonly hideUsage: boolean;
}

export type Reading = { readonly kind: 'read'; readonly asked: Asked } | Unreadable;

export const NO_EDITS: readonly Edit[] = [];
