import { BlockList, isIP } from 'node:net';

/**
 * Where clouds tell their machines who they are, and hand out credentials: no provider is there, whoever says so.
 * Private addresses are fine, since models are served from them; and a name that leads to one of these is not looked up,
 * as only operators configure providers.
 */
const forbidden = new BlockList();
forbidden.addSubnet('169.254.0.0', 16, 'ipv4');
forbidden.addSubnet('fe80::', 10, 'ipv6');
forbidden.addAddress('fd00:ec2::254', 'ipv6');
forbidden.addAddress('100.100.100.200', 'ipv4');
forbidden.addAddress('168.63.129.16', 'ipv4');
const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['metadata.google.internal', 'metadata.goog', 'metadata']);

/** @returns what is wrong with the address of a provider's API; null: nothing */
export function faultOfBaseUrl(text: string): string | null {
  if (!URL.canParse(text)) return 'Expected a URL such as https://llm.example.com/v1.';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return 'Expected a URL that begins with https:// or http://.';
  if (url.username !== '' || url.password !== '') return 'Expected a URL without a user: keys belong in credentials.';
  if (url.search !== '' || text.includes('?')) return 'Expected a URL without a query: the calls bring their own.';
  if (url.hash !== '' || text.includes('#')) return 'Expected a URL without a fragment.';
  return isForbidden(url.hostname)
    ? 'Expected the address of a provider; link-local and metadata addresses are none.'
    : null;
}

function isForbidden(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const version = isIP(host);
  if (version === 0) return FORBIDDEN_NAMES.has(host);
  return forbidden.check(host, version === 4 ? 'ipv4' : 'ipv6');
}
