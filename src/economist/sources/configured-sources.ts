import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { conflict, invalid } from '../../platform/errors/platform.errors.js';
import { check } from '../../platform/http/issues.js';
import { SecretStore } from '../../platform/secrets/secret-store.js';
import type { CostSource } from './cost-source.js';
import type { SourceRow } from './source.entity.js';
import type { SourceType } from './source-type.js';
import { SourceTypes } from './source-types.js';

/** What is stored of a source, and what its type makes of it. */
@Injectable()
export class ConfiguredSources {
  constructor(
    @Inject(SourceTypes) private readonly types: SourceTypes,
    @Inject(SecretStore) private readonly secrets: SecretStore,
  ) {}

  /** @throws {AppError} 422 */
  typeOf(name: string): SourceType {
    const type = this.types.find(name);
    if (type === null) throw invalid({ type: `Expected one of ${this.types.names.join(', ')}.` });
    return type;
  }

  /** @returns what is stored: as given, once the type's schema takes it @throws {AppError} 422 */
  settings(type: SourceType, given: Record<string, unknown>): Promise<Record<string, unknown>> {
    return checked(type.settings, given, 'settings');
  }

  /** @returns as they are sealed @throws {AppError} 422 */
  async credentials(type: SourceType, given: Record<string, unknown>): Promise<string> {
    return JSON.stringify(await checked(type.credentials, given, 'credentials'));
  }

  /** @throws {AppError} where its type is not known, or its credentials can't be opened */
  async open(source: SourceRow): Promise<CostSource> {
    const type = this.types.find(source.type);
    if (type === null) throw conflict(`Source '${source.name}' is of the type '${source.type}', unknown here.`);
    const sealed = source.credentialsId === null ? null : await this.secrets.get(source.credentialsId);
    const stored: unknown = sealed === null ? null : JSON.parse(sealed);
    return type.open({
      settings: type.settings.parse(source.settings),
      credentials: stored === null ? null : type.credentials.parse(stored),
    });
  }

  /** Null: it may ask the provider as often as it takes. */
  dailyRequestCap(source: SourceRow): number | null {
    const type = this.types.find(source.type);
    return type?.dailyRequestCap?.(type.settings.parse(source.settings)) ?? null;
  }
}

async function checked(
  schema: z.ZodType,
  given: Record<string, unknown>,
  field: string,
): Promise<Record<string, unknown>> {
  const outcome = await check(schema, given, field);
  if (outcome.kind === 'valid') return { ...given };
  throw invalid(
    Object.fromEntries(
      Object.entries(outcome.issues).map(([path, message]) => [path === field ? field : `${field}.${path}`, message]),
    ),
  );
}
