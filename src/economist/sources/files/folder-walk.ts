import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../platform/errors/app-error.js';
import { economistErrors } from '../../economist.errors.js';

const MOST_ENTRIES = 10_000;
const DEEPEST = 16;
const REPORT = /\.(?:csv|tsv|txt|parquet|gz)$/i;

/** The reports that lie in one folder; links are passed over. */
export interface ReportFolder {
  /** From where the walk began; empty for that folder itself. */
  readonly relative: string;
  readonly files: readonly string[];
}

/** The folders that hold reports, in the order of their names. @throws {AppError} where there are too many entries */
export async function reportFolders(root: string): Promise<ReportFolder[]> {
  const found: ReportFolder[] = [];
  let seen = 0;
  const visit = async (relative: string, depth: number): Promise<void> => {
    const entries = await readdir(join(root, relative), { withFileTypes: true });
    seen += entries.length;
    if (seen > MOST_ENTRIES || depth > DEEPEST) {
      const message = `The folder holds more than ${MOST_ENTRIES} entries, or is deeper than ${DEEPEST}. Name a smaller one.`;
      throw new AppError(economistErrors.fileOutOfBounds, message);
    }
    const sorted = entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const files = sorted.filter((entry) => entry.isFile() && REPORT.test(entry.name)).map(({ name }) => name);
    if (files.length > 0) found.push({ relative, files });
    for (const entry of sorted) if (entry.isDirectory()) await visit(join(relative, entry.name), depth + 1);
  };
  await visit('', 0);
  return found;
}
