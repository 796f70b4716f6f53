import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { Counter, Registry } from 'prom-client';
import type { Clock } from '../../../platform/time.js';
import { CLOCK, LOGGER } from '../../../platform/tokens.js';
import { OwnerMap } from './owner-map.js';
import type { OwnerKind } from './owner.js';
import { OwnersRepository } from './owners.repository.js';

/** Headers can name anything: so many are made an hour by each process, and so many wait at most. */
const MOST_AN_HOUR = 1_000;
const HOUR_MS = 3_600_000;
/** Gathered for so long, since a new program often names all of its ids at once. */
const GATHER_MS = 500;
/** While the database is away. */
const RETRY_MS = 5_000;

interface Seen {
  readonly kind: OwnerKind;
  readonly id: string;
}

/**
 * Makes the organisations, teams and agents that headers name first, behind the calls that do. What is beyond the cap is
 * passed over: its calls are attributed and budgeted all the same, by its id; it is made when it is seen in a later hour.
 */
@Injectable()
export class FirstSeenOwners implements OnApplicationShutdown {
  readonly #waiting = new Map<string, Seen>();
  readonly #passedOver = new Counter({
    name: 'cerebra_owners_passed_over_total',
    help: 'Ids first seen in headers that were not made, since too many were.',
    registers: [],
  });
  #hour = -1;
  #takenThisHour = 0;
  #timer: NodeJS.Timeout | null = null;
  #making: Promise<void> = Promise.resolve();
  #away = false;
  #stopped = false;

  constructor(
    @Inject(OwnerMap) private readonly owners: Pick<OwnerMap, 'knows' | 'refresh'>,
    @Inject(OwnersRepository) private readonly repository: Pick<OwnersRepository, 'insertMissing'>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(Registry) registry: Registry,
  ) {
    registry.registerMetric(this.#passedOver);
  }

  /** @returns false where it was passed over, and is to be told of again */
  note(kind: OwnerKind, id: string): boolean {
    const key = `${kind}:${id}`;
    if (this.owners.knows(kind, id) || this.#waiting.has(key)) return true;
    if (!this.#take()) {
      this.#passedOver.inc();
      return false;
    }
    this.#waiting.set(key, { kind, id });
    this.#makeIn(GATHER_MS);
    return true;
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#making;
    await this.#makeAll();
  }

  #take(): boolean {
    const hour = Math.floor(this.clock.now() / HOUR_MS);
    if (hour !== this.#hour) {
      this.#hour = hour;
      this.#takenThisHour = 0;
    }
    if (this.#waiting.size >= MOST_AN_HOUR || this.#takenThisHour >= MOST_AN_HOUR) return false;
    this.#takenThisHour++;
    if (this.#takenThisHour === MOST_AN_HOUR) {
      this.log.warn({ most: MOST_AN_HOUR }, 'headers name so many new ids that no more are made in this hour');
    }
    return true;
  }

  #makeIn(delayMs: number): void {
    if (this.#timer !== null || this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#making = this.#makeAll().finally(() => {
        if (this.#waiting.size > 0) this.#makeIn(this.#away ? RETRY_MS : GATHER_MS);
      });
    }, delayMs);
    this.#timer.unref();
  }

  async #makeAll(): Promise<void> {
    const seen = [...this.#waiting];
    if (seen.length === 0) return;
    try {
      const owners = seen.map(([, owner]) => owner);
      const left = await this.repository.insertMissing(owners, new Date(this.clock.now()));
      if (left > 0) this.log.warn({ left }, 'there is no room for more organizations, teams and agents');
      await this.owners.refresh();
      for (const [key] of seen) this.#waiting.delete(key);
      this.#away = false;
    } catch (error) {
      if (!this.#away) this.log.warn({ err: error }, 'ids first seen in headers could not be stored yet');
      this.#away = true;
    }
  }
}
