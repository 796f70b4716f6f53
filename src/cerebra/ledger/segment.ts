import { open, stat, unlink, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { wholeLines } from './lines.pure.js';

export const SEGMENT_SUFFIX = '.log';

/** One file of the spool: appended to by one process, read by its writer, deleted when nothing in it is needed. */
export class Segment {
  /** Bytes whose rows are in PostgreSQL. */
  committed = 0;
  /** Its intents also stand in a later segment, or are settled: with all rows committed it can go. */
  superseded = false;

  private constructor(
    readonly path: string,
    /** Bytes of whole lines; after a failed write the file may hold more. */
    public size: number,
    private file: FileHandle | null,
  ) {}

  /** @param synced whether the file's name must survive a power cut, too */
  static async create(path: string, synced: boolean): Promise<Segment> {
    const file = await open(path, 'ax', 0o600);
    if (synced) {
      await using directory = await open(dirname(path), 'r');
      await directory.sync();
    }
    return new Segment(path, 0, file);
  }

  /** One that an earlier process left behind. */
  static async found(path: string): Promise<Segment> {
    return new Segment(path, (await stat(path)).size, null);
  }

  async append(lines: Buffer, synced: boolean): Promise<void> {
    if (this.file === null) throw new Error(`Segment ${this.path} is closed.`);
    await this.file.appendFile(lines);
    if (synced) await this.file.datasync();
    this.size += lines.length;
  }

  async close(): Promise<void> {
    const { file } = this;
    this.file = null;
    await file?.close();
  }

  /** Whole lines from `start` on. Empty: nothing but the torn end of a line is left. */
  async read(start: number, maxBytes: number): Promise<Buffer> {
    await using file = await open(this.path, 'r');
    const chunk = Buffer.allocUnsafe(Math.min(maxBytes, this.size - start));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, start);
    return chunk.subarray(0, wholeLines(chunk.subarray(0, bytesRead)));
  }

  async delete(): Promise<void> {
    await this.close();
    await unlink(this.path);
  }
}
