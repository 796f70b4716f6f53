import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { Settings } from '../../../platform/config/settings.js';
import { SETTINGS } from '../../../platform/tokens.js';

/** Where runs put files while they are at work, each in a folder of its own. */
@Injectable()
export class RunFolders {
  private readonly root: string;

  constructor(@Inject(SETTINGS) { dataDir }: Pick<Settings, 'dataDir'>) {
    this.root = join(dataDir, 'economist', 'runs');
  }

  /** Empty, whatever an earlier attempt left in it. */
  async make(runId: string): Promise<string> {
    const folder = join(this.root, runId);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    return folder;
  }

  async remove(runId: string): Promise<void> {
    await rm(join(this.root, runId), { recursive: true, force: true });
  }

  /** Removes those of runs that are over: a worker that died could not. */
  async tidy(unfinishedRunIds: readonly string[]): Promise<void> {
    const found = await readdir(this.root).catch(() => []);
    for (const runId of found) if (!unfinishedRunIds.includes(runId)) await this.remove(runId);
  }
}
