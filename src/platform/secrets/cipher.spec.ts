import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Cipher } from './cipher.js';

const key = (): string => randomBytes(32).toString('base64');

describe('Cipher', () => {
  it('opens what it sealed, and never seals the same text to the same bytes', () => {
    const cipher = new Cipher([key()]);
    const [first, second] = [cipher.seal('püss', 'owner'), cipher.seal('püss', 'owner')];
    expect(first).not.toBe(second);
    expect(cipher.open(first, 'owner')).toEqual({ kind: 'opened', plaintext: 'püss' });
  });

  it('opens nothing for another owner: a row copied onto another is found out', () => {
    const cipher = new Cipher([key()]);
    expect(cipher.open(cipher.seal('secret', 'a/1'), 'a/2')).toEqual({ kind: 'damaged' });
  });

  it('finds every changed character out', () => {
    const cipher = new Cipher([key()]);
    const sealed = cipher.seal('secret', 'owner');
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = sealed.slice(0, index) + (sealed[index] === 'A' ? 'B' : 'A') + sealed.slice(index + 1);
      const opened = cipher.open(changed, 'owner');
      // The last character of base64url has bits that stand for nothing.
      if (opened.kind === 'opened') expect(index).toBe(sealed.length - 1);
    }
    expect(cipher.open('', 'owner')).toEqual({ kind: 'damaged' });
    expect(cipher.open(sealed.slice(0, -8), 'owner')).toEqual({ kind: 'damaged' });
  });

  it('seals with the first key, opens with the former ones, and names a key that it lacks', () => {
    const [old, young] = [key(), key()];
    const sealed = new Cipher([old]).seal('secret', 'owner');
    const rotating = new Cipher([young, old]);
    expect(rotating.open(sealed, 'owner')).toMatchObject({ kind: 'opened' });
    expect(rotating.formerKeyIds).toEqual([new Cipher([old]).sealingKeyId]);
    expect(new Cipher([young]).open(sealed, 'owner')).toEqual({
      kind: 'unknown_key',
      keyId: new Cipher([old]).sealingKeyId,
    });
  });

  it('refuses keys of another length', () => {
    expect(() => new Cipher([randomBytes(16).toString('base64')])).toThrow('32 bytes');
  });
});
