import type { ReplyListener } from '../../../src/cerebra/http1/call.js';
import type { Fields } from '../../../src/cerebra/http1/fields.pure.js';
import type { UpstreamFault } from '../../../src/cerebra/providers/upstream.js';

/** `ended`, or the fault. */
export type Outcome = 'ended' | UpstreamFault;

/** Keeps all that a call heard, and notices what it must not hear: anything before the head, anything after the end. */
export class Heard implements ReplyListener {
  status = 0;
  fields: Fields = [];
  reason = '';
  over = false;
  readonly #chunks: Buffer[] = [];
  readonly #outcome = Promise.withResolvers<Outcome>();
  readonly outcome = this.#outcome.promise;

  /** @param watch called on each chunk of the body, for tests that act in the middle */
  constructor(private readonly watch: (heard: Heard) => void = () => {}) {}

  get body(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  head(status: number, fields: Fields): void {
    if (this.over || this.status !== 0) this.#outcome.reject(new Error('a second head'));
    this.status = status;
    this.fields = fields;
  }

  bytes(chunk: Buffer): void {
    if (this.over || this.status === 0) this.#outcome.reject(new Error('bytes out of place'));
    this.#chunks.push(Buffer.from(chunk));
    this.watch(this);
  }

  ended(): void {
    this.#end('ended');
  }

  failed(fault: UpstreamFault, reason: string): void {
    this.reason = reason;
    this.#end(fault);
  }

  #end(outcome: Outcome): void {
    if (this.over) throw new Error('ended twice');
    this.over = true;
    this.#outcome.resolve(outcome);
  }
}
