import { picoUsd, toNanoUsd, type NanoUsd } from './money.js';
import type { ModelPrice, Rates } from './rates.js';

/** What a request asks for, as far as it decides the dearest that it can become. */
export interface Ask {
  /** Of the whole body: a byte-level tokeniser never makes more tokens than there are UTF-8 bytes. */
  readonly bytes: number;
  /** Images and files are named by a short address but may fill the whole context window. */
  readonly media: boolean;
  /** Tokens of one choice; null: the client set no limit. */
  readonly maxOutput: number | null;
  /** Choices asked for. The prompt is billed once, the output once for each. */
  readonly choices: number;
}

const dearest = (...rates: readonly bigint[]): bigint => rates.reduce((most, rate) => (rate > most ? rate : most), 0n);

const dearestInput = (rates: Rates): bigint =>
  dearest(rates.input, rates.cacheRead, rates.cacheWrite5m, rates.cacheWrite1h, rates.audioInput);

const dearestOutput = (rates: Rates): bigint => dearest(rates.output, rates.reasoning, rates.audioOutput);

/** The most output tokens that the call can be billed for, all choices together. */
export const outputBound = (ask: Ask, price: ModelPrice): number =>
  Math.min(ask.maxOutput ?? price.maxOutputTokens, price.contextTokens) * ask.choices;

/** The dearest that a call can become, rounded up: what a budget must be able to pay before it is sent. */
export function boundOf(ask: Ask, price: ModelPrice): NanoUsd {
  const input = ask.media ? price.contextTokens : Math.min(ask.bytes, price.contextTokens);
  const reachable = [price.rates, ...price.longPrompts.filter(({ over }) => input > over).map(({ rates }) => rates)];
  const inputRate = dearest(...reachable.map(dearestInput));
  const outputRate = dearest(...reachable.map(dearestOutput));
  return toNanoUsd(picoUsd(BigInt(input) * inputRate + BigInt(outputBound(ask, price)) * outputRate));
}
