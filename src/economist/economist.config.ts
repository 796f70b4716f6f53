import { delimiter, isAbsolute } from 'node:path';
import { z } from 'zod';
import { byteSize, choice, flag, integer, optionalText } from '../platform/config/variables.js';

const ROOTS_FORM = `absolute folders, separated by '${delimiter}'`;
const foldersOf = (list: string | undefined): string[] => (list ?? '').split(delimiter).filter((path) => path !== '');

/** An upload is kept in PostgreSQL until it has been read. */
const LARGEST_UPLOAD = 64 * 1024 ** 3;
const LARGEST_FILE = 1024 ** 4;

export const economistConfig = z
  .object({
    ECONOMIST_ROLE: choice(['all', 'api', 'worker'], 'all'),
    ECONOMIST_IMPORT_ROOTS: optionalText(ROOTS_FORM).refine(
      (list) => foldersOf(list).every((path) => isAbsolute(path)),
      ROOTS_FORM,
    ),
    ECONOMIST_MAX_UPLOAD: byteSize('1GiB', LARGEST_UPLOAD),
    ECONOMIST_MAX_FILE: byteSize('64GiB', LARGEST_FILE),
    ECONOMIST_RUN_RETENTION_DAYS: integer(1, 3_650, 90, 'days'),
    ECONOMIST_LOOPBACK_IMPORTS: flag(false),
  })
  .transform((variables) => ({
    /** `api` works on no jobs, `worker` answers no business calls. */
    role: variables.ECONOMIST_ROLE,
    /** Files that users name by path lie under one of these. */
    importRoots: foldersOf(variables.ECONOMIST_IMPORT_ROOTS),
    /** Of a file that is uploaded, or fetched from an address. */
    maxUploadBytes: variables.ECONOMIST_MAX_UPLOAD,
    /** Of one file of costs, once it is unpacked. */
    maxFileBytes: variables.ECONOMIST_MAX_FILE,
    /** How long runs are kept, with their rejected rows. */
    runRetentionDays: variables.ECONOMIST_RUN_RETENTION_DAYS,
    /** For emulators: files may be fetched from this machine, and without TLS. */
    loopbackImports: variables.ECONOMIST_LOOPBACK_IMPORTS,
  }));

export type EconomistConfig = z.output<typeof economistConfig>;
