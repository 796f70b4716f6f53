import type { Api, Dialect } from '../providers/dialect.js';
import type { UsageReading } from '../providers/usage-reading.js';
import type { Reading } from './asked.js';
import type { OperationName } from './call.js';

/** One kind of call that clients make on a surface. All of them are made when the process starts. */
export interface Operation {
  readonly name: OperationName;
  readonly api: Api;
  readonly dialect: Dialect;
  readonly usage: UsageReading;
  /** The provider bills nothing for it: it has no price, and no budget is asked. */
  readonly free: boolean;
  /** The client's headers that a provider may see; null: all but those that are its own business. */
  readonly passes: readonly string[] | null;
  /** @param named the model, where the path names it */
  read(body: Buffer, named: string): Reading;
  /** Writes the most output tokens into a body whose client set no limit; left out where it cannot be left open. */
  limit?(this: void, body: Buffer, tokens: number): Buffer;
  /** Below the root of the provider's API. */
  path(model: string): string;
}
