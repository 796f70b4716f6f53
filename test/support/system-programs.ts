import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { leaveOut } from './missing.js';

/** A program that npm does not bring. */
interface SystemProgram {
  /** Names it goes by on the PATH. */
  readonly names: readonly string[];
  /** The system's package that brings it. */
  readonly package: string;
  /** Where specs find its path; not set where it is missing. */
  readonly variable: string;
  /** What is not tested without it. */
  readonly needed: string;
}

const programs: readonly SystemProgram[] = [
  {
    names: ['redis-server'],
    package: 'redis-server',
    variable: 'TEST_REDIS_SERVER',
    needed: 'what stops and starts Redis, and without REDIS_URL all that runs on it',
  },
  {
    names: ['chromium', 'chromium-browser', 'google-chrome'],
    package: 'chromium',
    variable: 'TEST_CHROMIUM',
    needed: 'the console in a browser',
  },
];

const INSTALL_WITHIN_MS = 300_000;

/**
 * Once per run: finds them, or installs what is missing where this is a container's root. Without one, what needs it
 * is left out, and the end of the run says so; on CI the run fails.
 */
export function prepareSystemPrograms(): void {
  for (const program of programs) {
    const found = find(program) ?? install(program);
    const remedy = `apt-get install ${program.package}`;
    if (found !== null) process.env[program.variable] = found;
    else if (process.env.CI === undefined) leaveOut(program.needed, remedy);
    else throw new Error(`CI must test ${program.needed} too: ${remedy}`);
  }
}

function find({ names }: SystemProgram): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file)) ?? null;
}

function install(program: SystemProgram): string | null {
  if (process.getuid?.() !== 0) return null;
  const command = `apt-get update -q && apt-get install -q -y --no-install-recommends ${program.package}`;
  try {
    // One run at a time; run level 1 keeps a package from starting a server of its own.
    execFileSync('flock', [join(tmpdir(), 'oco-install.lock'), 'sh', '-c', command], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
      stdio: 'ignore',
      timeout: INSTALL_WITHIN_MS,
    });
  } catch {
    // No package manager of that kind, or no network: the caller says what is missing.
  }
  return find(program);
}
