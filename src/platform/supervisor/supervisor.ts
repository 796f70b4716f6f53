import type { Logger } from 'pino';
import type { SupervisedContext } from './supervised-context.js';

/** When every context has failed to start this often in a row, nothing is left that could recover. */
const STARTS_BEFORE_GIVING_UP = 5;

/** Keeps the contexts of the process running, each apart from the others. */
export class Supervisor {
  private readonly gaveUp = Promise.withResolvers<string>();
  private reason: string | null = null;
  private readonly contexts: readonly SupervisedContext[];

  /** @param supervise makes each context, given whom to tell when it falls */
  constructor(
    supervise: (onFall: (name: string) => void) => readonly SupervisedContext[],
    private readonly strict: boolean,
    private readonly log: Logger,
  ) {
    this.contexts = supervise((name) => this.decide(name));
  }

  /** Resolves with the reason when the process should end: told so by OCO_STRICT, or nothing is left. */
  get surrender(): Promise<string> {
    return this.gaveUp.promise;
  }

  /** Names of the contexts that serve now. */
  get ready(): readonly string[] {
    return this.contexts.filter((context) => context.isReady).map(({ name }) => name);
  }

  /**
   * @returns when each context is ready or has failed once
   * @throws when that was reason enough to surrender
   */
  async start(): Promise<void> {
    await Promise.all(this.contexts.map((context) => context.start()));
    if (this.reason !== null) throw new Error(this.reason);
  }

  /** @throws naming the contexts that had to be cut off, and why */
  async stop(deadlineMs: number): Promise<void> {
    const failures = await Promise.all(
      this.contexts.map(async (context) => ({ name: context.name, failure: await context.stop(deadlineMs) })),
    );
    const cutOff = failures.filter(({ failure }) => failure !== null).map(({ name, failure }) => `${name}: ${failure}`);
    if (cutOff.length > 0) throw new Error(`cut off while stopping (${cutOff.join('; ')})`);
    this.log.debug('every context has stopped');
  }

  private decide(fallen: string): void {
    if (this.strict) {
      this.giveUp(`${fallen} failed, and OCO_STRICT is set`);
    } else if (this.contexts.every(({ failedStarts }) => failedStarts >= STARTS_BEFORE_GIVING_UP)) {
      this.giveUp(`no context could be started in ${STARTS_BEFORE_GIVING_UP} attempts`);
    }
  }

  private giveUp(reason: string): void {
    this.reason ??= reason;
    this.gaveUp.resolve(this.reason);
  }
}
