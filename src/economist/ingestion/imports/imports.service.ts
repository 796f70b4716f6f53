import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../../platform/errors/app-error.js';
import { invalid, platformErrors } from '../../../platform/errors/platform.errors.js';
import { SecretStore } from '../../../platform/secrets/secret-store.js';
import { CONFIG } from '../../../platform/tokens.js';
import type { EconomistConfig } from '../../economist.config.js';
import { ImportRoots } from '../../sources/files/import-roots.js';
import { addressFault } from '../../sources/outbound/outbound-rules.js';
import type { SourceRow } from '../../sources/source.entity.js';
import { SourcesRepository } from '../../sources/sources.repository.js';
import { SourcesService } from '../../sources/sources.service.js';
import type { NamedRun } from '../runs/run.entity.js';
import { RunsService } from '../runs/runs.service.js';
import type { ImportBody } from './imports.dto.js';
import type { ImportRequest } from './import-files.js';

const TAKE_FILES = ['focus-file', 'custom'];

/** Starts runs that read one file. */
@Injectable()
export class ImportsService {
  constructor(
    @Inject(SourcesRepository) private readonly sources: SourcesRepository,
    @Inject(SourcesService) private readonly making: SourcesService,
    @Inject(RunsService) private readonly runs: RunsService,
    @Inject(ImportRoots) private readonly roots: ImportRoots,
    @Inject(SecretStore) private readonly secrets: SecretStore,
    @Inject(CONFIG) private readonly config: EconomistConfig,
  ) {}

  /** @throws {AppError} 422 for a path or an address that may not be read, or a source that takes no files */
  async start(body: ImportBody): Promise<NamedRun> {
    await this.check(body);
    const source = await this.sourceFor(body);
    const request = await this.requestOf(body);
    try {
      return await this.runs.start(source, 'import', request);
    } catch (error) {
      if (request.kind === 'url') await this.secrets.delete(request.secret_id);
      throw error;
    }
  }

  private async check({ path, url }: ImportBody): Promise<void> {
    if (path !== undefined) await this.roots.resolve(path);
    const fault = url === undefined ? null : addressFault(new URL(url), { loopback: this.config.loopbackImports });
    if (fault !== null) throw invalid({ url: fault });
  }

  private async sourceFor({ source, mapping }: ImportBody): Promise<SourceRow> {
    const found = (await this.sources.find(source)) ?? (await this.make(source, mapping));
    if (TAKE_FILES.includes(found.type)) return found;
    throw invalid({ source: `'${source}' is of the type ${found.type}, which takes no files: name another source.` });
  }

  private async make(name: string, mapping: ImportBody['mapping']): Promise<SourceRow> {
    const type =
      mapping === undefined ? { type: 'focus-file', settings: {} } : { type: 'custom', settings: { mapping } };
    try {
      return await this.making.create({ name, ...type, credentials: null, schedule: null, enabled: true });
    } catch (error) {
      // Another import made it at the same moment.
      if (!(error instanceof AppError) || error.spec !== platformErrors.conflict) throw error;
      return this.sources.get(name);
    }
  }

  private async requestOf({ file, path, url, ...body }: ImportBody): Promise<ImportRequest> {
    const mapping = body.mapping ?? null;
    if (file !== undefined) {
      return { kind: 'upload', upload_id: file.id, name: file.name, sha256: file.sha256, mapping };
    }
    if (path !== undefined) return { kind: 'path', path, mapping };
    const { href, origin, pathname } = new URL(url ?? '');
    return {
      kind: 'url',
      shown: origin + pathname,
      secret_id: await this.secrets.put('economist.import', href),
      mapping,
    };
  }
}
