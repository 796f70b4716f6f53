import { randomUUIDv7, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, Optional } from '@nestjs/common';
import type { Settings } from '../config/settings.js';
import { AppError } from '../errors/app-error.js';
import { notFound, platformErrors } from '../errors/platform.errors.js';
import type { Clock, Instant } from '../time.js';
import { CLOCK, SETTINGS } from '../tokens.js';
import { bearerOf, digestOf, isAccessKey, makeKey, type AccessKey } from './access-key.js';
import { AccessKeysRepository } from './access-keys.repository.js';
import { KeyCache } from './key-cache.js';
import { mayGrant, type Principal, type Role } from './principal.js';

/** What a key is made of, beside the key. */
export interface KeyRequest {
  readonly name: string;
  readonly role: Role;
  readonly modules: readonly string[] | null;
  readonly expiresAt: Instant | null;
}

/** Who may use the management API: keys in the database, and the one that the environment may give. */
@Injectable()
export class AccessKeys {
  private readonly cache = new KeyCache();
  private readonly configured: Buffer | null;

  constructor(
    @Inject(SETTINGS) settings: Pick<Settings, 'adminKey'>,
    @Inject(CLOCK) private readonly clock: Clock,
    /** Absent in a context that stores nothing: there only the environment's key opens. */
    @Optional() @Inject(AccessKeysRepository) private readonly repository?: AccessKeysRepository,
  ) {
    this.configured = settings.adminKey === null ? null : digestOf(settings.adminKey);
  }

  /**
   * For the management hooks and for raw routes alike.
   * @param header `Authorization`
   * @returns null for anything but a key that is valid now
   */
  async authenticate(header: string | undefined): Promise<Principal | null> {
    const key = bearerOf(header);
    if (key === null) return null;
    const digest = digestOf(key);
    if (this.configured !== null && timingSafeEqual(digest, this.configured)) return environmentAdmin;
    if (!isAccessKey(key)) return null;
    const found = await this.find(digest);
    if (found === null || (found.expiresAt !== null && found.expiresAt <= this.clock.now())) return null;
    return { keyId: found.id, name: found.name, role: found.role, modules: found.modules };
  }

  /** @returns the key as it is stored, and the key itself, which nobody can read again */
  async create(request: KeyRequest, by: Principal): Promise<{ stored: AccessKey; key: string }> {
    if (!mayGrant(by, request.modules)) throw beyondReach();
    const { key, prefix, digest } = makeKey(request.role);
    const stored = { ...request, id: randomUUIDv7(), prefix, createdAt: this.clock.now(), createdBy: by.keyId };
    await this.stored().insert(stored, digest);
    return { stored, key };
  }

  list(limit: number, after: readonly [string, string] | null): Promise<readonly AccessKey[]> {
    return this.stored().list(limit, after);
  }

  /** Holds here at once, and on every other replica within a second. */
  async revoke(id: string, by: Principal): Promise<void> {
    const found = await this.stored().findById(id);
    if (found === null) throw notFound(`Access key '${id}'`);
    if (!mayGrant(by, found.modules)) throw beyondReach();
    await this.stored().revoke(id, this.clock.now());
    this.cache.clear();
  }

  private async find(digest: Buffer): Promise<AccessKey | null> {
    const { repository } = this;
    if (repository === undefined) return null;
    try {
      return await this.cache.find(digest, () => repository.findByDigest(digest));
    } catch (cause) {
      throw new AppError(
        platformErrors.unavailable,
        'Access keys cannot be checked now; try again later.',
        {},
        { cause },
      );
    }
  }

  private stored(): AccessKeysRepository {
    if (this.repository === undefined) throw notFound('The list of access keys');
    return this.repository;
  }
}

const environmentAdmin: Principal = Object.freeze({
  keyId: 'environment',
  name: 'OCO_ADMIN_KEY',
  role: 'admin',
  modules: null,
});

const beyondReach = (): AppError =>
  new AppError(
    platformErrors.forbidden,
    'Your key is limited to some modules, and so are the keys that it may manage.',
  );
