import type { Factor } from './rates.js';
import type { OtherTier, PriceTerms, TariffTerms, GivenRates } from './terms.js';
import { tokenBuckets } from './usage.js';

/** What providers publish beside the catalogue's prices: factors on all that tokens cost. */
interface Extras {
  readonly provider: string;
  /** By the catalogue's ids. */
  readonly models: RegExp;
  readonly tiers?: Readonly<Partial<Record<OtherTier, Factor>>>;
  readonly multipliers?: Readonly<Record<string, string>>;
}

const by = (times: bigint, over = 1n): Factor => ({ times, over });
const HALF = by(1n, 2n);

/** All that fit a model hold. From the providers' price pages, November 2026. */
const extras: readonly Extras[] = [
  { provider: 'openai', models: /./, tiers: { flex: HALF, batch: HALF } },
  {
    provider: 'openai',
    models: /^(?:gpt-5|gpt-5\.[12]|gpt-5\.3-codex|gpt-5\.4(?:-mini)?|gpt-5\.6-\w+|gpt-6\S*|gpt-4\.1-nano)$/,
    tiers: { priority: by(2n) },
  },
  { provider: 'openai', models: /^gpt-5\.5$/, tiers: { priority: by(5n, 2n) } },
  { provider: 'openai', models: /^gpt-5-mini$/, tiers: { priority: by(9n, 5n) } },
  { provider: 'openai', models: /^(?:gpt-4\.1|gpt-4\.1-mini|o3)$/, tiers: { priority: by(7n, 4n) } },
  { provider: 'openai', models: /^gpt-4o$/, tiers: { priority: by(17n, 10n) } },
  { provider: 'openai', models: /^gpt-4o-mini$/, tiers: { priority: by(5n, 3n) } },
  { provider: 'openai', models: /^o4-mini$/, tiers: { priority: by(20n, 11n) } },
  // Anthropic's priority is capacity that is paid in advance; its tokens cost the same.
  { provider: 'anthropic', models: /./, tiers: { batch: HALF, priority: by(1n) } },
  {
    provider: 'anthropic',
    models: /^claude-(?:opus-4-[6-9]|sonnet-4-[6-9]|(?:opus|sonnet|haiku|fable)-5)/,
    multipliers: { 'inference_geo=us': '1.1' },
  },
  { provider: 'gemini', models: /./, tiers: { flex: HALF, batch: HALF } },
];

/** Adds to a model's price what its provider publishes elsewhere. */
export function withExtras(provider: string, model: string, terms: PriceTerms): PriceTerms {
  const found = extras.filter((extra) => extra.provider === provider && extra.models.test(model));
  const tiers = found.flatMap((extra) => Object.entries(extra.tiers ?? {}));
  return {
    ...terms,
    tiers: Object.fromEntries(tiers.map(([tier, factor]) => [tier, scaled(terms.standard, factor)])),
    multipliers: Object.fromEntries(found.flatMap((extra) => Object.entries(extra.multipliers ?? {}))),
  };
}

const scaled = ({ rates, above }: TariffTerms, factor: Factor): TariffTerms => ({
  rates: scaledRates(rates, factor),
  above: above === null ? null : { ...above, rates: scaledRates(above.rates, factor) },
});

function scaledRates(given: GivenRates, { times, over }: Factor): GivenRates {
  const rates = { ...given };
  for (const bucket of tokenBuckets) {
    const rate = given[bucket];
    if (rate !== undefined) rates[bucket] = (rate * times + over - 1n) / over;
  }
  return rates;
}
