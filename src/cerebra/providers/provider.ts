import type { Api } from './dialect.js';
import type { Upstream } from './upstream.js';

/** One place that models come from. A new one is one folder and one line in `provider-table.ts`. */
export interface Provider {
  /** As in `openai/gpt-4o`, and in the ledger. */
  readonly name: string;
  readonly api: Api;
  readonly upstream: Upstream;
  /** Whether it has the model, which was asked for as `provider/model` (`named`) or by its plain name. */
  serves(model: string, named: boolean): boolean;
}
