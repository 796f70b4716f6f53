import { instant } from '../../../platform/time.js';
import type { PricedModel } from '../../pricing/price-table.js';

/** Made up, so that a first call shows a cost: 1 USD for a million tokens read, 2 USD for a million written. */
const INPUT = 1_000_000n;
const OUTPUT = 2_000_000n;

export const DEMO_PROVIDER = 'demo';
export const ECHO = 'echo';

/** Of the model `demo/echo`. It writes no more than it was sent, so its window is small. */
export const demoModel: PricedModel = {
  provider: DEMO_PROVIDER,
  names: [ECHO],
  matches: (name) => name === ECHO,
  prices: [
    {
      from: instant(0),
      price: {
        rates: {
          input: INPUT,
          cacheRead: INPUT,
          cacheWrite5m: INPUT,
          cacheWrite1h: INPUT,
          output: OUTPUT,
          reasoning: OUTPUT,
          audioInput: INPUT,
          audioOutput: OUTPUT,
        },
        longPrompts: [],
        contextTokens: 128_000,
        maxOutputTokens: 4_096,
      },
    },
  ],
};
