import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Instant } from '../../../platform/time.js';
import type { CostSource, SyncWindow } from '../cost-source.js';
import { importPath } from '../files/import-path.js';
import { ImportRoots } from '../files/import-roots.js';
import { LocalSource } from '../files/local-source.js';
import { lastTwoMonths } from '../sync-windows.pure.js';
import type { Configured, SourceType } from '../source-type.js';

const settings = z.strictObject({
  path: importPath.optional().describe('A file or folder under ECONOMIST_IMPORT_ROOTS.'),
});
const credentials = z.strictObject({});

type Settings = z.output<typeof settings>;
type Credentials = z.output<typeof credentials>;

/** Reports in FOCUS: CSV, gzip or Parquet, uploaded or in a folder. */
@Injectable()
export class FocusFileType implements SourceType<Settings, Credentials> {
  readonly type = 'focus-file';
  readonly settings = settings;
  readonly credentials = credentials;

  constructor(@Inject(ImportRoots) private readonly roots: ImportRoots) {}

  restates(now: Instant): SyncWindow {
    return lastTwoMonths(now);
  }

  open(configured: Configured<Settings, Credentials>): CostSource {
    return new LocalSource(configured.settings.path ?? null, { kind: 'focus' }, this.roots);
  }
}
