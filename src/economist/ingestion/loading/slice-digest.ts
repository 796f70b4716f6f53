import { hash } from 'node:crypto';

/** Of 32 bits each. */
const WORDS = 8;
/** So many sums of a word of 32 bits are exact in a double. */
const EXACT_SUMS = 2 ** 20;

/**
 * Tells whether two slices hold the same rows, whatever their order: the SHA-256 of each row, added modulo 2²⁵⁶. Sums
 * rather than XOR, for a row that stands twice must not cancel out; and what parts say of a slice can be added.
 */
export class SliceDigest {
  readonly #sums = new Float64Array(WORDS);
  #added = 0;

  add(row: Buffer): void {
    // As text, since that is the quickest way out of OpenSSL.
    const digest = hash('sha256', row, 'binary');
    for (let word = 0; word < WORDS; word += 1) {
      const at = word * 4;
      this.#sums[word] =
        (this.#sums[word] ?? 0) +
        digest.charCodeAt(at) * 2 ** 24 +
        ((digest.charCodeAt(at + 1) << 16) | (digest.charCodeAt(at + 2) << 8) | digest.charCodeAt(at + 3));
    }
    this.#added += 1;
    if (this.#added % EXACT_SUMS === 0) carry(this.#sums);
  }

  /** 64 hex digits. */
  toString(): string {
    carry(this.#sums);
    return [...this.#sums].map((word) => word.toString(16).padStart(8, '0')).join('');
  }
}

/** The digest of a slice whose rows are spread over several parts, from those that the parts have of it. */
export function joinDigests(digests: readonly string[]): string {
  const sum = digests.reduce((total, digest) => total + BigInt(`0x${digest}`), 0n);
  return BigInt.asUintN(WORDS * 32, sum)
    .toString(16)
    .padStart(WORDS * 8, '0');
}

/** Brings each word back below 2³², and what was above it into the word before. */
function carry(sums: Float64Array): void {
  let over = 0;
  for (let word = WORDS - 1; word >= 0; word -= 1) {
    const sum = (sums[word] ?? 0) + over;
    over = Math.floor(sum / 2 ** 32);
    sums[word] = sum - over * 2 ** 32;
  }
}
