import type { Allowances } from '../limits/rate-limits.js';
import type { Failure } from '../gateway/failure.js';

/** The API that a provider speaks: a call goes only to those that speak as its client does. */
export type Api = 'openai' | 'anthropic' | 'gemini';

/** An answer of the gateway's own, in the shape of a surface. */
export interface Refusal {
  readonly status: number;
  /** Flat: name, value, name, value. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** How a surface tells what went wrong. */
export interface Dialect {
  refusal(failure: Failure, requestId: string): Refusal;
  /** The event that ends a stream which can't end well. */
  errorEvent(failure: Failure, requestId: string): string;
  /** What the limits of the key have left. Flat: name, value, name, value. */
  limitHeaders(allowances: Allowances): readonly string[];
}
