import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import type { Clock } from '../../platform/time.js';
import { CLOCK } from '../../platform/tokens.js';
import { Revisions } from '../revisions/revisions.js';
import type { Caller } from './caller.js';
import { Key } from './key.entity.js';
import { digestOf } from './key-secret.js';
import { LiveKey } from './live-key.js';
import { OwnerMap } from './owners/owner-map.js';

/** What is followed in `cerebra.revisions`. */
export const KEYS = 'keys';

/**
 * All live virtual keys in memory, so that a call is attributed by one digest and one look-up. Bounded by the
 * number of keys that may be made.
 */
@Injectable()
export class KeyMap implements OnModuleInit {
  /** By the digests of their secrets, of which a key that was rotated has two for a while. */
  private readonly secrets = new Map<string, Secret>();
  private readonly digestsOf = new Map<string, readonly string[]>();
  private read: (() => Promise<void>) | null = null;

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Revisions) private readonly revisions: Revisions,
    @Inject(OwnerMap) private readonly owners: OwnerMap,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    this.read = await this.revisions.follow(KEYS, (revision) => this.readChanges(revision));
  }

  /** @returns null for a key that is unknown, revoked or expired: the caller is not told which */
  find(presentedKey: string): Caller | null {
    const digest = digestOf(presentedKey);
    const secret = this.secrets.get(digest);
    if (secret === undefined) return null;
    if (secret.validUntil > this.clock.now()) return secret.key.caller(this.owners);
    this.secrets.delete(digest);
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
      this.put(key);
      newest = BigInt(key.revision);
    }
    return newest;
  }

  private put(row: Key): void {
    for (const digest of this.digestsOf.get(row.id) ?? []) this.secrets.delete(digest);
    this.digestsOf.delete(row.id);
    if (row.revokedAt !== null) return;
    const key = new LiveKey(toCaller(row));
    const expiry = row.expiresAt?.getTime() ?? NEVER;
    const digest = row.digest.toString('hex');
    this.secrets.set(digest, { key, validUntil: expiry });
    this.digestsOf.set(row.id, [digest]);
    const { previousDigest, previousValidUntil } = row;
    if (previousDigest === null || previousValidUntil === null) return;
    const previous = previousDigest.toString('hex');
    this.secrets.set(previous, { key, validUntil: Math.min(expiry, previousValidUntil.getTime()) });
    this.digestsOf.set(row.id, [digest, previous]);
  }
}

const NEVER = Number.POSITIVE_INFINITY;

interface Secret {
  readonly key: LiveKey;
  readonly validUntil: number;
}

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
