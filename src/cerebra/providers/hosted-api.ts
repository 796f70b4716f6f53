import type { PriceTable } from '../pricing/price-table.js';
import { keyHeaders, usualHeader, type CredentialHeader } from './credentials/credential-header.pure.js';
import { Credential } from './credentials/credential.js';
import { CredentialSet } from './credentials/credential-set.js';
import type { Api } from './dialect.js';
import { HttpUpstream, type HttpClientName, type ModelListing } from './http-upstream.js';
import { matches, toPattern } from './model-pattern.pure.js';
import type { Availability, Provider } from './provider.js';
import type { Clock } from '../../platform/time.js';

/** What tells one API from another when it is called over HTTP. */
export interface HostedApi {
  readonly api: Api;
  /** Where its inventor serves it. */
  readonly publicUrl: string;
  /** The version that the paths below its root begin with, so that an address may end with it; empty: none. */
  readonly version: string;
  /** What carries a provider's key. */
  readonly credentialHeader: CredentialHeader;
  readonly listing: ModelListing;
}

/** A key as it is configured. */
export interface AccountKey {
  readonly id: string;
  readonly apiKey: string;
  readonly weight: number;
}

/** One that is configured: where it is, and the keys for it. */
export interface Account {
  readonly name: string;
  /** Null: the public address. */
  readonly baseUrl: string | null;
  /** A server of one's own may need none. */
  readonly keys: readonly AccountKey[];
  /** Null: the one that its host is known to take, or else its API. */
  readonly credentialHeader: CredentialHeader | null;
  /** Sent with every call, by names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Patterns of the plain names that mean its models; null: all on a server of one's own, else those that have a price. */
  readonly models: readonly string[] | null;
  readonly availability: Availability;
}

/** What all of them share. */
export interface HostingServices {
  readonly prices: PriceTable;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly client: HttpClientName;
  /** A call to the provider was answered with this status, and is made again with another key. */
  readonly retried: (provider: string, status: number) => void;
}

export function hosted(kind: HostedApi, account: Account, services: HostingServices): Provider {
  const { name, keys, availability } = account;
  const { prices, clock, timeoutMs, client, retried } = services;
  const address = (account.baseUrl ?? kind.publicUrl).replace(/\/+$/, '');
  const ownServer = address !== kind.publicUrl;
  const { version } = kind;
  const baseUrl = version !== '' && address.endsWith(version) ? address.slice(0, -version.length) : address;
  const { origin, pathname, hostname } = new URL(baseUrl);
  const header = account.credentialHeader ?? usualHeader(hostname, kind.credentialHeader);
  const [first = new Credential(null, 1, []), ...others] = keys.map(
    ({ id, apiKey, weight }) => new Credential(id, weight, keyHeaders(header, apiKey)),
  );
  const credentials = new CredentialSet(first, others, clock);
  const headers = Object.entries(account.headers).flat();
  const patterns = account.models?.map(toPattern);
  const servesPlain = (model: string): boolean =>
    // What a server of one's own has, only it knows.
    patterns?.some((pattern) => matches(pattern, model)) ?? (ownServer || prices.knows(name, model));
  return {
    name,
    api: kind.api,
    upstream: new HttpUpstream({
      baseUrl,
      credentials,
      headers,
      listing: kind.listing,
      timeoutMs,
      client,
      retried: (status) => retried(name, status),
    }),
    address: { origin, root: pathname === '/' ? '' : pathname, credentials, headers },
    availability,
    needsOwnKey: keys.length === 0 && !ownServer && availability === 'open',
    // And its inventor may have what the prices do not list yet.
    serves: (model, named) => named || servesPlain(model),
  };
}
