import type { Upstream } from './upstream.js';

/** One place that models come from. A new one is one folder and one line in `provider-table.ts`. */
export interface Provider {
  /** As in `openai/gpt-4o`, and in the ledger. */
  readonly name: string;
  readonly upstream: Upstream;
  /** Whether a model named without a provider is this one's. */
  serves(model: string): boolean;
}
