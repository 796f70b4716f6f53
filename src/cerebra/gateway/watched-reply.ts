import type { Usage } from '../pricing/usage.js';
import type { SeenReply } from './estimate.pure.js';

/** A reply on its way to the client, watched for the few bytes that tell what it costs. */
export interface WatchedReply {
  /** @returns what may be sent on now */
  push(chunk: Buffer): Buffer;
  /** The provider has said all. @returns what is left to send on */
  end(): Buffer;
  /** As told last; null: not at all. */
  usage(): Usage | null;
  /** More usage was to come after {@link usage}. */
  readonly usageSoFar: boolean;
  /** The model that served the call, where it was told. */
  servedModel(): string | null;
  /** The reply tells that the provider failed, whatever its status. */
  readonly failed: boolean;
  /** What was seen of the model's words; null: it does not tell how much was written. */
  seen(): SeenReply | null;
}
