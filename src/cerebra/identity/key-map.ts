import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import type { Clock } from '../../platform/time.js';
import { CLOCK } from '../../platform/tokens.js';
import { Revisions } from '../revisions/revisions.js';
import type { Caller } from './caller.js';
import { Key } from './key.entity.js';
import { digestOf } from './key-secret.js';

/** What is followed in `cerebra.revisions`. */
export const KEYS = 'keys';

/**
 * All live virtual keys in memory, so that a call is attributed by one digest and one look-up. Bounded by the
 * number of keys that may be made.
 */
@Injectable()
export class KeyMap implements OnModuleInit {
  private readonly entries = new Map<string, Entry>();
  private read: (() => Promise<void>) | null = null;

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Revisions) private readonly revisions: Revisions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    this.read = await this.revisions.follow(KEYS, (revision) => this.readChanges(revision));
  }

  /** @returns null for a key that is unknown, revoked or expired: the caller is not told which */
  find(presentedKey: string): Caller | null {
    const digest = digestOf(presentedKey);
    const entry = this.entries.get(digest);
    if (entry === undefined) return null;
    if (!hasExpired(entry, this.clock.now())) return entry.caller;
    this.entries.delete(digest);
    return null;
  }

  /** For the replica that wrote: its own change holds before it answers. The others poll. */
  async refresh(): Promise<void> {
    await this.read?.();
  }

  private async readChanges(after: bigint): Promise<bigint> {
    const changed = await this.dataSource.manager.find(Key, {
      where: { revision: MoreThan(after.toString()) },
      order: { revision: 'ASC' },
    });
    let newest = after;
    for (const key of changed) {
      const digest = key.digest.toString('hex');
      const entry = { caller: toCaller(key), validUntil: key.expiresAt?.getTime() ?? null };
      if (key.revokedAt !== null || hasExpired(entry, this.clock.now())) this.entries.delete(digest);
      else this.entries.set(digest, entry);
      newest = BigInt(key.revision);
    }
    return newest;
  }
}

interface Entry {
  readonly caller: Caller;
  /** Null: never expires. */
  readonly validUntil: number | null;
}

const hasExpired = ({ validUntil }: Entry, now: number): boolean => validUntil !== null && validUntil <= now;

const toCaller = (key: Key): Caller =>
  Object.freeze({
    keyId: key.id,
    orgId: key.orgId,
    teamId: key.teamId,
    agentId: key.agentId,
    userId: key.userId,
    tags: Object.freeze(key.tags),
    allowedModels: key.allowedModels,
    limits: key.limits && Object.freeze(key.limits),
    clampOutput: key.clampOutput,
  });
