import { createHash, randomUUIDv7 } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppError } from '../../platform/errors/app-error.js';
import { platformErrors } from '../../platform/errors/platform.errors.js';
import { toIso, type Clock, type Instant } from '../../platform/time.js';
import { CLOCK, CONFIG } from '../../platform/tokens.js';
import type { EconomistConfig } from '../economist.config.js';
import { StoredUpload } from './stored-upload.js';

const CHUNK_BYTES = 1024 ** 2;

/**
 * Files on their way from a request to the worker that reads them. In the database and not on a disk, so that any
 * replica can be that worker, and replicas need to share nothing else.
 */
@Injectable()
export class UploadStore {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: EconomistConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Stores a file while it arrives.
   * @throws {AppError} 413 for one that is larger than `ECONOMIST_MAX_UPLOAD`; nothing of it stays behind
   */
  async put(name: string, content: AsyncIterable<Uint8Array>): Promise<StoredUpload> {
    const id = randomUUIDv7();
    const hash = createHash('sha256');
    await this.dataSource.query('INSERT INTO economist.uploads (id, name, created_at) VALUES ($1, $2, $3)', [
      id,
      name,
      toIso(this.clock.now()),
    ]);
    try {
      let bytes = 0;
      let number = 0;
      for await (const chunk of inChunks(content)) {
        bytes += chunk.length;
        if (bytes > this.config.maxUploadBytes) throw tooLarge(this.config.maxUploadBytes);
        hash.update(chunk);
        await this.dataSource.query(
          'INSERT INTO economist.upload_chunks (upload_id, number, bytes) VALUES ($1, $2, $3)',
          [id, number, chunk],
        );
        number += 1;
      }
      const sha256 = hash.digest('hex');
      await this.dataSource.query(`UPDATE economist.uploads SET bytes = $2, sha256 = decode($3, 'hex') WHERE id = $1`, [
        id,
        bytes,
        sha256,
      ]);
      return new StoredUpload(id, name, bytes, sha256);
    } catch (error) {
      // Should this fail too, the upkeep finds it.
      await this.delete(id).catch(() => undefined);
      throw error;
    }
  }

  /** From its first byte. @throws {AppError} 404 where it has been deleted */
  async *read(id: string): AsyncGenerator<Buffer> {
    for (let number = 0; ; number += 1) {
      const [chunk]: { bytes: Buffer }[] = await this.dataSource.query(
        'SELECT bytes FROM economist.upload_chunks WHERE upload_id = $1 AND number = $2',
        [id, number],
      );
      if (chunk === undefined) return;
      yield chunk.bytes;
    }
  }

  async delete(id: string): Promise<void> {
    await this.dataSource.query('DELETE FROM economist.uploads WHERE id = $1', [id]);
  }

  /** Those that no run took: refused requests, connections that broke off. @returns how many */
  async deleteOlderThan(time: Instant, idsInUse: readonly string[]): Promise<number> {
    const deleted: unknown[] = await this.dataSource.query(
      `WITH gone AS (DELETE FROM economist.uploads WHERE created_at < $1 AND id <> ALL($2) RETURNING id)
       SELECT id FROM gone`,
      [toIso(time), idsInUse],
    );
    return deleted.length;
  }
}

/** Gathers what the network brings in pieces of its own choosing. */
async function* inChunks(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let gathered: Uint8Array[] = [];
  let size = 0;
  for await (const piece of content) {
    gathered.push(piece);
    size += piece.byteLength;
    if (size < CHUNK_BYTES) continue;
    yield Buffer.concat(gathered);
    gathered = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(gathered);
}

const tooLarge = (most: number): AppError =>
  new AppError(
    platformErrors.payloadTooLarge,
    `The file is larger than ${most} bytes (ECONOMIST_MAX_UPLOAD). Pack it, split it, or import it by path.`,
  );
