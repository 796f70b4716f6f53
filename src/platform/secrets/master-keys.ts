import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../config/settings.js';

const FILE = 'master.key';
const KEY_BYTES = 32;
const OWNER_ONLY = 0o600;

/**
 * The keys that protect stored credentials: those configured, or one of our own beside an embedded database.
 * Beside an external one none is made: the next replica, or the next disk, would not have it.
 * @returns base64, the sealing one first; empty where credentials can't be stored
 */
export async function loadMasterKeys(
  settings: Pick<Settings, 'masterKeys' | 'dataDir'>,
  databaseEmbedded: boolean,
): Promise<readonly string[]> {
  if (settings.masterKeys.length > 0) return settings.masterKeys;
  if (!databaseEmbedded) return [];
  const path = join(settings.dataDir, FILE);
  return [(await read(path)) ?? (await make(settings.dataDir, path))];
}

async function read(path: string): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (text === null) return null;
  const key = text.trim();
  if (Buffer.from(key, 'base64').length !== KEY_BYTES) {
    throw new Error(`${path} holds no master key; put it back from a copy, or the stored credentials are lost.`);
  }
  return key;
}

/** Whole or not at all, and on disk before anything is sealed with it. */
async function make(folder: string, path: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  const key = randomBytes(KEY_BYTES).toString('base64');
  await writeDurably(draft, `${key}\n`);
  try {
    await link(draft, path);
  } finally {
    await rm(draft);
  }
  await flush(folder);
  return key;
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A new name in a folder lasts once the folder is on disk. */
async function flush(folder: string): Promise<void> {
  const directory = await open(folder);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
