import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Instant } from '../../../platform/time.js';
import type { CostSource, SyncWindow } from '../cost-source.js';
import { importPath } from '../files/import-path.js';
import { ImportRoots } from '../files/import-roots.js';
import { LocalSource } from '../files/local-source.js';
import type { Configured, SourceType } from '../source-type.js';
import { lastTwoMonths } from '../sync-windows.pure.js';
import { columnMapping } from './column-mapping.js';

const settings = z.strictObject({
  path: importPath.optional().describe('A file or folder under ECONOMIST_IMPORT_ROOTS.'),
  mapping: columnMapping,
});
const credentials = z.strictObject({});

type Settings = z.output<typeof settings>;
type Credentials = z.output<typeof credentials>;

/** Any CSV, by a mapping of its columns that is saved with the source. */
@Injectable()
export class CustomType implements SourceType<Settings, Credentials> {
  readonly type = 'custom';
  readonly settings = settings;
  readonly credentials = credentials;

  constructor(@Inject(ImportRoots) private readonly roots: ImportRoots) {}

  restates(now: Instant): SyncWindow {
    return lastTwoMonths(now);
  }

  open(configured: Configured<Settings, Credentials>): CostSource {
    const { path, mapping } = configured.settings;
    return new LocalSource(path ?? null, { kind: 'mapping', mapping }, this.roots);
  }
}
