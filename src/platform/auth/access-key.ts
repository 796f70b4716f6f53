import { createHash, randomBytes } from 'node:crypto';
import type { Instant } from '../time.js';
import type { Role } from './principal.js';

/** A key as it is stored: all of it but the key. */
export interface AccessKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Names of contexts; null is all of them. */
  readonly modules: readonly string[] | null;
  /** The beginning of the key, by which people tell keys apart. */
  readonly prefix: string;
  readonly createdAt: Instant;
  /** Id of the key that made it; null: made at first start. */
  readonly createdBy: string | null;
  readonly expiresAt: Instant | null;
}

export interface NewKey {
  /** Shown once, then forgotten. */
  readonly key: string;
  readonly prefix: string;
  readonly digest: Buffer;
}

const RANDOM_BYTES = 32;
const SHOWN_CHARACTERS = 4;
const FORM = /^oco_(?:admin|operator|viewer)_[\w-]{43}$/;
/** RFC 6750; longer ones can't be ours, and are not worth a digest. */
const BEARER = /^Bearer +(\S{1,512})$/i;

/** 256 random bits: a plain digest protects them, where a password would need a slow one. */
export function makeKey(role: Role): NewKey {
  const start = `oco_${role}_`;
  const key = start + randomBytes(RANDOM_BYTES).toString('base64url');
  return { key, prefix: key.slice(0, start.length + SHOWN_CHARACTERS), digest: digestOf(key) };
}

export const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Whether it could be one of ours; nothing else is looked up. */
export const isAccessKey = (text: string): boolean => FORM.test(text);

/** @param header `Authorization` @returns the key in it, or null */
export const bearerOf = (header: string | undefined): string | null =>
  header === undefined ? null : (BEARER.exec(header)?.[1] ?? null);
