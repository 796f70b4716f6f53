import { constants, open } from 'node:fs/promises';
import { AppError } from '../../../platform/errors/app-error.js';
import { economistErrors } from '../../economist.errors.js';
import type { FilePart } from '../cost-source.js';
import type { RowShape } from '../row-shape.js';

export interface LocalFile {
  readonly path: string;
  /** As users know it. */
  readonly name: string;
  readonly shape: RowShape;
}

/**
 * A file of this machine as a part, its format told by its first bytes.
 * @throws {AppError} for what is no regular file: a device or a pipe could go on for ever
 */
export async function localFilePart({ path, name, shape }: LocalFile): Promise<FilePart> {
  // A pipe would wait for somebody to write into it.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new AppError(economistErrors.fileUnreadable, `'${name}' is no regular file.`);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    const first = buffer.subarray(0, bytesRead);
    return {
      kind: 'file',
      name,
      format: first.toString('latin1') === 'PAR1' ? 'parquet' : 'csv',
      shape,
      bytes: stat.size,
      open: async () => ({ path }),
    };
  } finally {
    await file.close();
  }
}
