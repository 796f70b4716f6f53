import { randomUUIDv7 } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Connections } from '../connections.js';
import { AppError } from '../errors/app-error.js';
import { notFound, platformErrors } from '../errors/platform.errors.js';
import { systemClock } from '../time.js';
import { CONNECTIONS } from '../tokens.js';
import { Cipher } from './cipher.js';
import { SecretsRepository, type SealedSecret } from './secrets.repository.js';

/** What a rotation did. */
export interface Rotation {
  readonly resealed: number;
  /** Rows that none of the given keys opens. */
  readonly unreadable: number;
}

const BATCH = 100;

/** Credentials of other systems, which have to be read again. Never stored in clear, and refused where that can't be. */
@Injectable()
export class SecretStore {
  private readonly cipher: Cipher;
  private readonly repository: SecretsRepository;

  constructor(
    @Inject(DataSource) dataSource: DataSource,
    @Inject(CONNECTIONS) connections: Pick<Connections, 'masterKeys'>,
  ) {
    this.cipher = new Cipher(connections.masterKeys);
    this.repository = new SecretsRepository(dataSource);
  }

  /**
   * @param purpose what it is for, such as `cerebra.provider`; bound to the secret
   * @param within the transaction that what it belongs to is written in; left out: its own
   * @returns the id to keep
   * @throws {AppError} 503 where there is no master key
   */
  async put(purpose: string, plaintext: string, within?: EntityManager): Promise<string> {
    const keyId = this.cipher.sealingKeyId;
    if (keyId === null) throw noMasterKey();
    const id = randomUUIDv7();
    const sealed = this.cipher.seal(plaintext, ownerOf({ id, purpose }));
    await this.repository.insert({ id, purpose, sealed }, keyId, systemClock.now(), within);
    return id;
  }

  /** @throws {AppError} 404 where there is none, 503 where it can't be opened */
  async get(id: string): Promise<string> {
    const secret = await this.repository.find(id);
    if (secret === null) throw notFound(`Secret '${id}'`);
    const opened = this.cipher.open(secret.sealed, ownerOf(secret));
    switch (opened.kind) {
      case 'opened':
        return opened.plaintext;
      case 'unknown_key':
        throw unknownKey(id, opened.keyId);
      case 'damaged':
        throw new AppError(platformErrors.unavailable, `Secret '${id}' was changed in the database; store it again.`);
      default:
        return opened satisfies never;
    }
  }

  /**
   * Also where there is none any more.
   * @param within as in {@link put}
   */
  async delete(id: string, within?: EntityManager): Promise<void> {
    await this.repository.delete(id, within);
  }

  /**
   * Seals under the first master key what a former one sealed. Can be cut off and run again at any time,
   * on several replicas at once.
   */
  async rotate(): Promise<Rotation> {
    const newKeyId = this.cipher.sealingKeyId;
    if (newKeyId === null) return { resealed: 0, unreadable: await this.repository.countBeyond([]) };
    const keyIds = this.cipher.formerKeyIds;
    let resealed = 0;
    const reseal = (secret: SealedSecret): string | null => {
      const opened = this.cipher.open(secret.sealed, ownerOf(secret));
      if (opened.kind !== 'opened') return null;
      resealed += 1;
      return this.cipher.seal(opened.plaintext, ownerOf(secret));
    };
    let after: string | null = '';
    while (after !== null && keyIds.length > 0) {
      after = await this.repository.reseal({ keyIds, after, size: BATCH }, newKeyId, reseal);
    }
    return { resealed, unreadable: await this.repository.countBeyond([newKeyId, ...keyIds]) };
  }
}

const ownerOf = (secret: Pick<SealedSecret, 'id' | 'purpose'>): string => `${secret.purpose}/${secret.id}`;

const noMasterKey = (): AppError =>
  new AppError(
    platformErrors.unavailable,
    'Credentials cannot be stored: OCO_MASTER_KEY is not set. Set it to 32 bytes in base64 (openssl rand -base64 32).',
  );

const unknownKey = (id: string, keyId: string): AppError =>
  new AppError(
    platformErrors.unavailable,
    `Secret '${id}' was sealed with master key ${keyId}, which is not given. Add that key to OCO_MASTER_KEY_PREVIOUS.`,
  );
