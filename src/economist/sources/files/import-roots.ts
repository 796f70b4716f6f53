import { realpath } from 'node:fs/promises';
import { isAbsolute, sep } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { invalid } from '../../../platform/errors/platform.errors.js';
import { CONFIG } from '../../../platform/tokens.js';
import type { EconomistConfig } from '../../economist.config.js';

/** Keeps paths that users name within `ECONOMIST_IMPORT_ROOTS`. */
@Injectable()
export class ImportRoots {
  private readonly roots: readonly string[];

  constructor(@Inject(CONFIG) { importRoots }: Pick<EconomistConfig, 'importRoots'>) {
    this.roots = importRoots;
  }

  /**
   * @param field that the path was given in, for the message
   * @returns the real path, all links followed
   * @throws {AppError} 422 where it leads out of the roots, or to nothing; the same for both, so that nobody can ask
   * what there is elsewhere
   */
  async resolve(path: string, field = 'path'): Promise<string> {
    if (this.roots.length === 0) {
      throw invalid({ [field]: 'No folder is open for imports (ECONOMIST_IMPORT_ROOTS). Upload the file instead.' });
    }
    if (!isAbsolute(path)) throw invalid({ [field]: 'Expected an absolute path.' });
    const real = await realpath(path).catch(() => null);
    if (real === null || !(await this.holds(real))) {
      throw invalid({ [field]: 'There is nothing like that in the folders of ECONOMIST_IMPORT_ROOTS.' });
    }
    return real;
  }

  private async holds(real: string): Promise<boolean> {
    for (const root of this.roots) {
      const folder = await realpath(root).catch(() => null);
      if (folder !== null && (real === folder || real.startsWith(folder.endsWith(sep) ? folder : folder + sep)))
        return true;
    }
    return false;
  }
}
