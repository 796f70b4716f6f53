import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const VERSION = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** Why something can't be opened: an outcome to handle, with nothing of the content in it. */
export type Opened =
  | { readonly kind: 'opened'; readonly plaintext: string }
  | { readonly kind: 'unknown_key'; readonly keyId: string }
  /** Changed, moved to another owner, or never ours. */
  | { readonly kind: 'damaged' };

/** Seals with the first of its keys, opens with any. Writes `v1.<key id>.<nonce>.<ciphertext and tag>`. */
export class Cipher {
  private readonly keys: ReadonlyMap<string, Buffer>;
  /** Null: there is no key, and nothing can be sealed. */
  readonly sealingKeyId: string | null;

  /** @param masterKeys 32 bytes each, in base64 */
  constructor(masterKeys: readonly string[]) {
    const keys = masterKeys.map((text) => Buffer.from(text, 'base64'));
    if (keys.some((key) => key.length !== KEY_BYTES)) throw new Error(`A master key is not ${KEY_BYTES} bytes long.`);
    this.keys = new Map(keys.map((key) => [keyIdOf(key), key]));
    this.sealingKeyId = [...this.keys.keys()][0] ?? null;
  }

  /**
   * @param owner bound to the text, which opens for no other: a row that was copied onto another is found out
   * @throws where there is no key
   */
  seal(plaintext: string, owner: string): string {
    const keyId = this.sealingKeyId;
    const key = keyId === null ? undefined : this.keys.get(keyId);
    if (keyId === null || key === undefined) throw new Error('There is no master key.');
    const sealed = sealWith(key, Buffer.from(plaintext), `${VERSION}.${keyId}.${owner}`);
    const parts = [sealed.subarray(0, NONCE_BYTES), sealed.subarray(NONCE_BYTES)];
    return [VERSION, keyId, ...parts.map((part) => part.toString('base64url'))].join('.');
  }

  open(sealed: string, owner: string): Opened {
    const [version, keyId = '', nonce = '', rest = '', ...more] = sealed.split('.');
    if (version !== VERSION || more.length > 0) return { kind: 'damaged' };
    const key = this.keys.get(keyId);
    if (key === undefined) return { kind: 'unknown_key', keyId };
    const bytes = Buffer.concat([Buffer.from(nonce, 'base64url'), Buffer.from(rest, 'base64url')]);
    const plaintext = openWith(key, bytes, `${VERSION}.${keyId}.${owner}`);
    return plaintext === null ? { kind: 'damaged' } : { kind: 'opened', plaintext: plaintext.toString() };
  }

  /** Ids of the keys that only open: what they sealed is to be sealed again. */
  get formerKeyIds(): readonly string[] {
    return [...this.keys.keys()].filter((id) => id !== this.sealingKeyId);
  }
}

/** Names a key without telling anything of it. */
const keyIdOf = (key: Buffer): string => createHash('sha256').update('key id').update(key).digest('hex').slice(0, 8);

/** @returns nonce, ciphertext and tag in one */
export function sealWith(key: Uint8Array, plaintext: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** @returns null for what {@link sealWith} did not make with this key for this context */
export function openWith(key: Uint8Array, sealed: Uint8Array, context: string): Buffer | null {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null;
  const tagStart = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(tagStart));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, tagStart)), decipher.final()]);
  } catch {
    return null;
  }
}
