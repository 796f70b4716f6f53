import type { AccessKey } from './access-key.js';

interface Entry {
  readonly found: Promise<AccessKey | null>;
  readonly untilMs: number;
}

/** A key that was revoked elsewhere is accepted for so long. */
const FRESH_MS = 1_000;
const MAX_ENTRIES = 1_000;

/**
 * Spares the database one look-up per call. Keys that were not found are not kept: one made a moment ago
 * on another replica must work, and strangers must not fill the memory. Full, it forgets the oldest.
 */
export class KeyCache {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  find(digest: Buffer, load: () => Promise<AccessKey | null>): Promise<AccessKey | null> {
    const name = digest.toString('base64');
    const entry = this.entries.get(name);
    if (entry !== undefined && entry.untilMs > this.nowMs()) return entry.found;
    this.entries.delete(name);
    return this.load(name, load);
  }

  clear(): void {
    this.entries.clear();
  }

  private load(name: string, load: () => Promise<AccessKey | null>): Promise<AccessKey | null> {
    if (this.entries.size >= MAX_ENTRIES) this.forgetOldest();
    const entry: Entry = { found: load(), untilMs: this.nowMs() + FRESH_MS };
    this.entries.set(name, entry);
    const forget = (): void => {
      if (this.entries.get(name) === entry) this.entries.delete(name);
    };
    entry.found.then((key) => key ?? forget(), forget);
    return entry.found;
  }

  private forgetOldest(): void {
    for (const name of this.entries.keys()) {
      this.entries.delete(name);
      return;
    }
  }
}
