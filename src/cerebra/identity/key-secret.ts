import { hash, randomBytes } from 'node:crypto';

const MARK = 'oco_live_';
/** How all keys of this house begin, those for its APIs too. */
const HOUSE = 'oco_';
const SHOWN = MARK.length + 4;

/** A virtual key in the one moment in which it is known. */
export interface KeySecret {
  readonly key: string;
  readonly digest: Buffer;
  readonly prefix: string;
}

/** Whether the key is one of ours, live or not, and so no provider's to see. */
export const isOurs = (key: string): boolean => key.startsWith(HOUSE);

/** The digest under which a key is found, as lower-case hexadecimal. */
export const digestOf = (key: string): string => hash('sha256', key, 'hex');

/** 256 random bits, so that no table of guesses can lead from a stolen digest back to a key. */
export function makeKeySecret(): KeySecret {
  const key = MARK + randomBytes(32).toString('base64url');
  return { key, digest: Buffer.from(digestOf(key), 'hex'), prefix: key.slice(0, SHOWN) };
}
