import { z } from 'zod';
import { columnMapping } from '../../sources/custom/column-mapping.js';
import { importPath } from '../../sources/files/import-path.js';
import { sourceName } from '../../sources/sources.dto.js';
import { StoredUpload } from '../../uploads/stored-upload.js';

/** Forms bring it as text. */
const mapping = z.preprocess((given, context) => {
  if (typeof given !== 'string') return given;
  try {
    const parsed: unknown = JSON.parse(given);
    return parsed;
  } catch {
    context.addIssue({ code: 'custom', message: 'Expected JSON.' });
    return z.NEVER;
  }
}, columnMapping);

export const importBody = z
  .strictObject({
    file: z
      .custom<StoredUpload>((value) => value instanceof StoredUpload, 'Send the file in a form (multipart/form-data).')
      .optional()
      .meta({ type: 'string', format: 'binary', description: 'CSV, gzip or Parquet.' }),
    path: importPath.optional().describe('A file under ECONOMIST_IMPORT_ROOTS.'),
    url: z
      .string()
      .max(8_192)
      .refine((url) => URL.canParse(url), 'Expected an address.')
      .optional(),
    source: sourceName
      .default('upload')
      .describe('The name of a focus-file or custom source; made where there is none.'),
    mapping: mapping.optional().describe("FOCUS column → the file's column; without: as the source has it."),
  })
  .refine(({ file, path, url }) => [file, path, url].filter((given) => given !== undefined).length === 1, {
    path: ['file'],
    message: 'Send one of file, path and url.',
  })
  .meta({ id: 'Import' });

export type ImportBody = z.output<typeof importBody>;
