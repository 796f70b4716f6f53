import { migrate, revert, status, type MigrationStatus, type NamedStorage } from './migrator.js';

export const MIGRATE_USAGE = `usage: npm run migrate -- run|revert|status [context]

  run      applies what is pending, in all contexts that are on or in the one named
  revert   takes back the last migration of the context named
  status   shows what is applied and what is pending, and changes nothing`;

type Action = 'run' | 'revert' | 'status';

export interface MigrateCommand {
  readonly action: Action;
  /** Null: all that are on. */
  readonly context: string | null;
}

const ACTIONS: readonly Action[] = ['run', 'revert', 'status'];

/** @returns null where the words make no command */
export function parseMigrateCommand(words: readonly string[]): MigrateCommand | null {
  const action = ACTIONS.find((known) => known === words[0]);
  const context = words[1] ?? null;
  if (action === undefined || words.length > 2) return null;
  // Nobody means "the last migration of whichever context".
  if (action === 'revert' && context === null) return null;
  return { action, context };
}

/** The storages that the command is about. @returns null where the context named is not on or stores nothing */
export function storagesFor(command: MigrateCommand, all: readonly NamedStorage[]): readonly NamedStorage[] | null {
  if (command.context === null) return all;
  const found = all.filter((storage) => storage.name === command.context);
  return found.length === 0 ? null : found;
}

/** Does what was asked and tells it, line by line. */
export async function runMigrateCommand(
  command: MigrateCommand,
  url: string,
  storages: readonly NamedStorage[],
  print: (line: string) => void,
): Promise<void> {
  switch (command.action) {
    case 'run': {
      const applied = await migrate(url, storages, print);
      if ([...applied.values()].every((names) => names.length === 0)) print('nothing to do: all are applied');
      return;
    }
    case 'revert':
      for (const storage of storages) {
        const name = await revert(url, storage);
        print(`${storage.name}: ${name === null ? 'nothing to take back' : `took back ${name}`}`);
      }
      return;
    case 'status':
      for (const line of (await status(url, storages)).flatMap(statusLines)) print(line);
  }
}

const statusLines = ({ context, applied, pending }: MigrationStatus): string[] => [
  `${context}: ${applied.length} applied, ${pending.length} pending`,
  ...applied.map((name) => `  applied  ${name}`),
  ...pending.map((name) => `  pending  ${name}`),
];
