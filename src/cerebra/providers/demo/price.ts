import { instant } from '../../../platform/time.js';
import { compile } from '../../pricing/compile.pure.js';
import type { PricedModel } from '../../pricing/price-table.js';
import type { PriceTerms } from '../../pricing/terms.js';

export const DEMO_PROVIDER = 'demo';
export const ECHO = 'echo';

const limits = { contextTokens: 128_000, maxOutputTokens: 4_096 };

/** Made up, so that a first call shows a cost: 1 USD for a million tokens read, 2 USD for a million written. */
const terms: PriceTerms = {
  standard: { rates: { input: 1_000_000n, output: 2_000_000n }, above: null },
  tiers: {},
  webSearch: null,
  multipliers: {},
  // It writes no more than it was sent.
  ...limits,
};

/** The model `demo/echo`. */
export const demoModel: PricedModel = {
  provider: DEMO_PROVIDER,
  model: ECHO,
  names: [ECHO],
  matches: (name) => name === ECHO,
  prices: [{ from: instant(0), terms, price: compile(terms, limits, 'demo') }],
};
