import { lookup as resolveName, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { AppError } from '../../../platform/errors/app-error.js';
import { platformErrors } from '../../../platform/errors/platform.errors.js';
import { isLoopbackAddress, isPublicAddress } from './public-address.js';

/** Where addresses that users give may lead. */
export interface OutboundRules {
  /** For emulators: this machine too, and there without TLS. */
  readonly loopback: boolean;
}

/** What is wrong with an address, as a sentence; null where nothing can be said against it before its name is resolved. */
export function addressFault(url: URL, { loopback }: OutboundRules): string | null {
  if (url.username !== '' || url.password !== '') return 'An address may hold no user name and no password.';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !mayConnect(host, { loopback })) return INWARD;
  if (url.protocol === 'https:') return null;
  if (url.protocol !== 'http:' || !loopback) return 'Expected an address that begins with https://.';
  return isLoopbackAddress(host) ? null : 'Plain http is for this machine only; use https.';
}

const INWARD = 'The address leads into a network of ours; only those of the open internet may be fetched.';

const mayConnect = (address: string, { loopback }: OutboundRules): boolean =>
  isPublicAddress(address) || (loopback && isLoopbackAddress(address));

/**
 * Resolves names for a connection, and only to addresses that it may go to. What is checked is what is connected to: a
 * name that resolves otherwise the next time gains nothing.
 */
export function guardedLookup(rules: OutboundRules): LookupFunction {
  return (hostname, options, done) => {
    resolveName(hostname, { ...options, all: true }, (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => {
      if (error !== null) return done(error, '', 0);
      const allowed = found.filter(({ address }) => mayConnect(address, rules));
      const [first] = allowed;
      if (first === undefined) return done(new AppError(platformErrors.dependencyFailed, INWARD), '', 0);
      return options.all === true ? done(null, allowed) : done(null, first.address, first.family);
    });
  };
}
