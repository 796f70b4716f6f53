import { describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { UnpackedFile } from './file-bytes.js';

const GENEROUS = { unpackedBytes: 1024 ** 3 };

function fileOf(content: Buffer, pieces = 7, limits = GENEROUS): UnpackedFile {
  return new UnpackedFile(async function* () {
    for (let at = 0; at < content.length; at += pieces) yield content.subarray(at, at + pieces);
  }, limits);
}

async function textOf(file: UnpackedFile): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of file.open()) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

describe('the bytes of a file', () => {
  const text = 'a,ü\n1,2\n';

  it.each([
    ['as they are', Buffer.from(text)],
    ['without a byte-order mark', Buffer.from(`\ufeff${text}`)],
    ['unpacked where they begin as gzip does', gzipSync(text)],
    ['unpacked, several gzip members after each other', Buffer.concat([gzipSync('a,ü\n'), gzipSync('1,2\n')])],
    ['in UTF-8 where they are UTF-16, little end first', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['in UTF-8 where they are UTF-16, big end first', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ])('come %s', async (_, content) => {
    for (const pieces of [1, 7, 1_000]) expect(await textOf(fileOf(content, pieces))).toBe(text);
  });

  it('can be read again, and are counted as they are packed', async () => {
    const packed = gzipSync(text);
    const file = fileOf(packed);
    await textOf(file);
    expect(await textOf(file)).toBe(text);
    expect(file.read).toBe(packed.length);
  });

  it('are refused where gzip data breaks off', async () => {
    const broken = fileOf(gzipSync(text.repeat(1_000)).subarray(0, 40));
    await expect(textOf(broken)).rejects.toMatchObject({ spec: { code: 'file_unreadable' } });
  });

  it('are refused beyond the bound, packed or not', async () => {
    const limits = { unpackedBytes: 100 };
    for (const content of [Buffer.alloc(101, 'x'), gzipSync(Buffer.alloc(10_000, 'x'))]) {
      await expect(textOf(fileOf(content, 50, limits))).rejects.toMatchObject({ spec: { code: 'file_out_of_bounds' } });
    }
  });

  it('are refused where they unpack to more than any cost report does', async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 ** 2, 'a,b\n'));
    let unpacked = 0;
    const reading = async (): Promise<void> => {
      for await (const chunk of fileOf(bomb, 4_096).open()) unpacked += chunk.length;
    };
    await expect(reading()).rejects.toMatchObject({ spec: { code: 'file_out_of_bounds' } });
    expect(unpacked).toBeLessThanOrEqual(65 * 1024 ** 2);
  });

  it('show what failed while they were fetched', async () => {
    const file = new UnpackedFile(async function* () {
      yield gzipSync(text).subarray(0, 12);
      throw new Error('the bucket is gone');
    }, GENEROUS);
    await expect(textOf(file)).rejects.toThrow('the bucket is gone');
  });
});
