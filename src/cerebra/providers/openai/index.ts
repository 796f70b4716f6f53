import type { CerebraConfig } from '../../cerebra.config.js';
import type { PriceTable } from '../../pricing/price-table.js';
import { HttpUpstream } from '../http-upstream.js';
import type { Provider } from '../provider.js';

const NAME = 'openai';
const PUBLIC_API = 'https://api.openai.com/v1';

/** OpenAI, or whatever speaks its API at `OPENAI_BASE_URL`. Null: neither a key nor an address is configured. */
export function openAi(config: CerebraConfig, prices: PriceTable): Provider | null {
  const { baseUrl, apiKey } = config.openai;
  const ownAddress = baseUrl !== PUBLIC_API;
  if (apiKey === null && !ownAddress) return null;
  return {
    name: NAME,
    api: 'openai',
    upstream: new HttpUpstream({
      baseUrl,
      // A server of one's own may need no key.
      headers: apiKey === null ? [] : ['authorization', `Bearer ${apiKey}`],
      timeoutMs: config.upstreamTimeoutMs,
    }),
    // What a server of one's own has, only it knows; and OpenAI may have what the prices do not list yet.
    serves: (model, named) => named || ownAddress || prices.knows(NAME, model),
  };
}
