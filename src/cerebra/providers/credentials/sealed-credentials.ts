import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { EntityManager } from 'typeorm';
import { AppError } from '../../../platform/errors/app-error.js';
import { SecretStore } from '../../../platform/secrets/secret-store.js';
import { LOGGER } from '../../../platform/tokens.js';
import type { AccountKey } from '../hosted-api.js';

/** Bound to the secrets, so that none of another purpose opens as one of these. */
const PURPOSE = 'cerebra.provider';

/** What is kept of a key beside the key itself. */
export interface SealedCredential {
  /** Also that of its secret. */
  readonly id: string;
  readonly last4: string;
  readonly weight: number;
}

/** A shorter key would be half given away by its end. */
const SHORTEST_SHOWN = 12;

/** What a key is told apart by. */
export const endOf = (apiKey: string): string => (apiKey.length < SHORTEST_SHOWN ? '' : apiKey.slice(-4));

/** The keys of stored providers, which rest in the secret store and nowhere else. */
@Injectable()
export class SealedCredentials {
  constructor(
    @Inject(SecretStore) private readonly secrets: SecretStore,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** @throws {AppError} 503 where there is no master key */
  async seal(apiKey: string, weight: number, within: EntityManager): Promise<SealedCredential> {
    const id = await this.secrets.put(PURPOSE, apiKey, within);
    return { id, last4: endOf(apiKey), weight };
  }

  async discard(id: string, within: EntityManager): Promise<void> {
    await this.secrets.delete(id, within);
  }

  /** @returns only those that a master key opens; the log tells what is wrong with the others */
  async open(provider: string, sealed: readonly SealedCredential[]): Promise<readonly AccountKey[]> {
    const keys = await Promise.all(sealed.map((credential) => this.#open(provider, credential)));
    return keys.filter((key) => key !== null);
  }

  async #open(provider: string, { id, weight }: SealedCredential): Promise<AccountKey | null> {
    try {
      return { id, weight, apiKey: await this.secrets.get(id) };
    } catch (error) {
      // Anything else means that the database could not be asked, which is tried again.
      if (!(error instanceof AppError)) throw error;
      this.log.warn({ provider, credential: id, reason: error.message }, 'a stored credential cannot be used');
      return null;
    }
  }
}
