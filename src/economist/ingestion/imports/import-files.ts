import { createWriteStream } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Inject, Injectable } from '@nestjs/common';
import { SecretStore } from '../../../platform/secrets/secret-store.js';
import { CONFIG } from '../../../platform/tokens.js';
import type { EconomistConfig } from '../../economist.config.js';
import { savedMapping } from '../../sources/custom/saved-mapping.js';
import type { Delivery, SourceTools } from '../../sources/cost-source.js';
import { ImportRoots } from '../../sources/files/import-roots.js';
import { localFilePart } from '../../sources/files/local-file.js';
import { download } from '../../sources/outbound/download.js';
import type { SourceRow } from '../../sources/source.entity.js';
import { UploadStore } from '../../uploads/upload-store.js';
import type { RunRow } from '../runs/run.entity.js';
import { runRequest, type RunRequest } from '../runs/run-request.js';

export type ImportRequest = Exclude<RunRequest, { kind: 'window' }>;

/** What an import reads, wherever it was put. */
interface FetchedFile {
  readonly path: string;
  readonly name: string;
  /** Of its bytes, in hex; null where it has not been read yet. */
  readonly sha256: string | null;
}

/** The files of imports: brought to this machine as one delivery, and forgotten once the run is over. */
@Injectable()
export class ImportFiles {
  constructor(
    @Inject(UploadStore) private readonly uploads: UploadStore,
    @Inject(ImportRoots) private readonly roots: ImportRoots,
    @Inject(SecretStore) private readonly secrets: SecretStore,
    @Inject(CONFIG) private readonly config: EconomistConfig,
  ) {}

  async open(request: ImportRequest, source: SourceRow, tools: SourceTools): Promise<Delivery> {
    const file = await this.fetch(request, tools);
    const mapping = request.mapping ?? savedMapping(source);
    const shape = mapping === null ? ({ kind: 'focus' } as const) : ({ kind: 'mapping', mapping } as const);
    const part = await localFilePart({ ...file, shape });
    // Known by its content, so that a file is known again whatever it is called and whatever came in between.
    const key = file.sha256 === null ? `path:${file.path}` : `sha256:${file.sha256}`;
    return { key, fingerprint: file.sha256, wholeMonths: [], parts: [part] };
  }

  /** Removes what was kept for the run. */
  async forget(run: RunRow): Promise<void> {
    const request = runRequest.parse(run.request);
    if (request.kind === 'upload') await this.uploads.delete(request.upload_id);
    if (request.kind === 'url') await this.secrets.delete(request.secret_id);
  }

  private async fetch(request: ImportRequest, { folder, signal }: SourceTools): Promise<FetchedFile> {
    const path = join(folder, 'import');
    switch (request.kind) {
      case 'upload': {
        const content = Readable.from(this.uploads.read(request.upload_id), { objectMode: false });
        await pipeline(content, createWriteStream(path), { signal });
        return { path, name: request.name, sha256: request.sha256 };
      }
      case 'path': {
        const real = await this.roots.resolve(request.path);
        return { path: real, name: basename(real), sha256: null };
      }
      case 'url': {
        const url = await this.secrets.get(request.secret_id);
        const rules = { loopback: this.config.loopbackImports };
        const sha256 = await download({ url, path, maxBytes: this.config.maxUploadBytes, rules, signal });
        return { path, name: basename(new URL(url).pathname) || 'import', sha256 };
      }
      default:
        return request satisfies never;
    }
  }
}
