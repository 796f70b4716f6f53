import type { PriceTable } from '../pricing/price-table.js';
import type { Api } from './dialect.js';
import { HttpUpstream, type HttpClientName, type ModelListing } from './http-upstream.js';
import type { Provider } from './provider.js';

/** What tells one API from another when it is called over HTTP. */
export interface HostedApi {
  readonly api: Api;
  /** Where its inventor serves it. */
  readonly publicUrl: string;
  /** The version that the paths below its root begin with, so that an address may end with it; empty: none. */
  readonly version: string;
  /** The headers that carry a provider's key. */
  credential(apiKey: string): readonly string[];
  readonly listing: ModelListing;
}

/** One that is configured: where it is, and the key for it. */
export interface Account {
  readonly name: string;
  /** Null: the public address. */
  readonly baseUrl: string | null;
  /** Null: a server of one's own may need none. */
  readonly apiKey: string | null;
  /** Callers may bring keys of their own, so that it is there for them without one. */
  readonly ownKeys: boolean;
  readonly timeoutMs: number;
  readonly client: HttpClientName;
}

/** @returns null when neither a key nor an address is configured, and callers bring no keys of their own */
export function hosted(
  kind: HostedApi,
  { name, baseUrl: configured, apiKey, ownKeys, timeoutMs, client }: Account,
  prices: PriceTable,
): Provider | null {
  const { api, publicUrl, version, listing } = kind;
  const address = (configured ?? publicUrl).replace(/\/+$/, '');
  const ownServer = address !== publicUrl;
  if (apiKey === null && !ownServer && !ownKeys) return null;
  const baseUrl = version !== '' && address.endsWith(version) ? address.slice(0, -version.length) : address;
  const { origin, pathname } = new URL(baseUrl);
  const headers = apiKey === null ? [] : kind.credential(apiKey);
  return {
    name,
    api,
    upstream: new HttpUpstream({ baseUrl, headers, listing, timeoutMs, client }),
    address: { origin, root: pathname === '/' ? '' : pathname, headers },
    needsOwnKey: apiKey === null && !ownServer,
    // What a server of one's own has, only it knows; and the inventor may have what the prices do not list yet.
    serves: (model, named) => named || ownServer || prices.knows(name, model),
  };
}
