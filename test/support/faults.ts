import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const preload = pathToFileURL(join(import.meta.dirname, 'faults.mjs')).href;

export type Fault = 'throw-at-start' | 'throw' | 'reject' | 'fill-heap' | `block ${number}`;

/** Makes one context of the built process go wrong on command; see `faults.mjs`, which does it from inside. */
export class Faults {
  private readonly file: string;
  /** For the process's environment. */
  readonly environment: Readonly<Record<string, string>>;

  constructor(context: string, home: string) {
    this.file = join(home, 'fault');
    this.environment = {
      NODE_OPTIONS: `--import ${preload}`,
      OCO_TEST_FAULT_CONTEXT: context,
      OCO_TEST_FAULT_FILE: this.file,
    };
  }

  /** Whole or not at all, as the other side looks every few milliseconds. */
  ask(fault: Fault): void {
    writeFileSync(`${this.file}.next`, fault);
    renameSync(`${this.file}.next`, this.file);
  }

  /** Whether the fault was taken up, which ends the wish for it. */
  get happened(): boolean {
    return !existsSync(this.file);
  }

  clear(): void {
    rmSync(this.file, { force: true });
  }
}
