import type { UpstreamFault, UpstreamListener } from './upstream.js';

/** Of what a provider lists; more is no list of models. */
const LARGEST = 16 * 1024 ** 2;

/** A small reply as a whole. */
export class CollectedReply implements UpstreamListener {
  readonly abandoned = false;
  readonly #whole = Promise.withResolvers<string>();
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  /** Rejects for what is no success, is too much or does not come. */
  readonly text = this.#whole.promise;

  head(status: number): void {
    if (status !== 200) this.#whole.reject(new Error(`The provider answered with ${status}.`));
  }
  bytes(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= LARGEST) this.#chunks.push(chunk);
    else this.#whole.reject(new Error('The provider answered with too much.'));
  }
  ended(): void {
    this.#whole.resolve(Buffer.concat(this.#chunks).toString());
  }
  failed(fault: UpstreamFault): void {
    this.#whole.reject(new Error(`The provider could not be asked: ${fault}.`));
  }
}
