import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { conflict } from '../../../platform/errors/platform.errors.js';
import { errorMessage } from '../../../platform/logging/error-facts.js';
import type { CostSource, Delivery, SourceCheck } from '../cost-source.js';
import type { RowShape } from '../row-shape.js';
import { reportFolders } from './folder-walk.js';
import type { ImportRoots } from './import-roots.js';
import { localFilePart } from './local-file.js';

/** Files of this machine: one, or a folder in which those of each folder belong together. */
export class LocalSource implements CostSource {
  constructor(
    /** Null: it has none, and takes uploads only. */
    private readonly path: string | null,
    private readonly shape: RowShape,
    private readonly roots: ImportRoots,
  ) {}

  async test(): Promise<readonly SourceCheck[]> {
    const began = performance.now();
    const outcome = await this.look().then(
      (detail) => ({ ok: true, detail }),
      (error: unknown) => ({ ok: false, detail: errorMessage(error) }),
    );
    return [{ name: 'files', ...outcome, latencyMs: Math.round(performance.now() - began) }];
  }

  async *deliveries(): AsyncGenerator<Delivery> {
    if (this.path === null) {
      throw conflict('This source takes uploads only: POST /api/v1/imports, or set settings.path.');
    }
    const real = await this.roots.resolve(this.path, 'settings.path');
    if (!(await stat(real)).isDirectory()) {
      yield this.delivery(basename(real), [{ path: real, name: basename(real) }]);
      return;
    }
    for (const { relative, files } of await reportFolders(real)) {
      const named = files.map((file) => ({ path: join(real, relative, file), name: join(relative, file) }));
      yield this.delivery(relative === '' ? '.' : relative, named);
    }
  }

  private async look(): Promise<string> {
    if (this.path === null) return 'It takes uploads only.';
    const real = await this.roots.resolve(this.path, 'settings.path');
    if (!(await stat(real)).isDirectory()) return 'The file is there.';
    const folders = await reportFolders(real);
    const count = folders.reduce((sum, { files }) => sum + files.length, 0);
    return `There are ${count} files in ${folders.length} folders.`;
  }

  private async delivery(key: string, files: readonly { path: string; name: string }[]): Promise<Delivery> {
    const parts = await Promise.all(files.map((file) => localFilePart({ ...file, shape: this.shape })));
    return { key, fingerprint: null, wholeMonths: [], parts };
  }
}
