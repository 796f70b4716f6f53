import type { Job, JobDefinition } from './job.js';
import { storablePayload } from './payload.js';

/** A delivery as the store hands it out: nobody has looked at the payload yet. */
export type Delivery = Job<unknown>;

/** A {@link JobDefinition} whose payload type is closed over. */
export interface DefinedJob {
  readonly name: string;
  readonly concurrency: number;
  readonly attempts: number;
  readonly run: (delivery: Delivery) => Promise<void>;
  /** @throws when the payload is not what the job takes, or cannot be stored */
  readonly toStore: (payload: object) => object;
}

/** The jobs of one context. */
export class DefinedJobs {
  private readonly byName = new Map<string, DefinedJob>();

  add<Payload extends object>(definition: JobDefinition<Payload>): void {
    const { name, payload, concurrency, attempts, handle } = definition;
    if (this.byName.has(name)) throw new Error(`A job '${name}' is defined already.`);
    this.byName.set(name, {
      name,
      concurrency,
      attempts,
      run: (delivery) => handle({ ...delivery, payload: payload.parse(delivery.payload) }),
      toStore: (given) => {
        payload.parse(given);
        return storablePayload(name, given);
      },
    });
  }

  get(name: string): DefinedJob {
    const job = this.byName.get(name);
    if (job === undefined) throw new Error(`No job '${name}' is defined.`);
    return job;
  }

  /** Those that this process works on. */
  worked(): readonly DefinedJob[] {
    return [...this.byName.values()].filter(({ concurrency }) => concurrency > 0);
  }
}
