import type { Type } from '@nestjs/common';
import type { EntitySchema, MigrationInterface, MixedList } from 'typeorm';
import type { z } from 'zod';
import type { ErrorCatalogue } from './errors/app-error.js';

/** A class or constructor that TypeORM can run as a migration; its `name` ends in a millisecond timestamp. */
export type MigrationClass = new () => MigrationInterface;

/** What a context keeps in PostgreSQL: a schema of its own, never another's. */
export interface ContextStorage {
  readonly schema: string;
  /** Listed one by one, never globbed: the same list works in the build and in tests. */
  readonly migrations: readonly MigrationClass[];
  readonly entities: MixedList<Type | EntitySchema>;
  /** True: the context's main job goes on while PostgreSQL is away, so it stays ready. */
  readonly servesWithout?: boolean;
}

/**
 * The manifest of a bounded context: all that the host needs to know of it.
 * Contexts never import each other; the host never imports a context.
 */
export interface BoundedContext<Config extends object = object> {
  readonly name: string;
  /** Shown on Swagger pages and in the banner. */
  readonly title: string;
  readonly description: string;
  /** Reads this context's own variables out of the environment. Its keys are the variables' names. */
  readonly config: z.ZodType<Config>;
  /** Left out by a context that stores nothing (the console). */
  readonly storage?: ContextStorage;
  readonly errors: ErrorCatalogue;
  readonly module: Type;
  /** For the banner: commands that a newcomer can paste. The shell has the admin key in `$OCO_KEY`. */
  firstSteps?(url: string, config: Config): string | null;
}

/** Keeps the type of `config` while checking the rest. */
export function defineContext<Config extends object>(context: BoundedContext<Config>): BoundedContext<Config> {
  return context;
}

/** A context before it is imported: enough to decide whether it runs, and where. */
export interface ContextEntry {
  readonly defaultPort: number;
  readonly load: () => Promise<BoundedContext>;
}

export type ContextRegistry = Readonly<Record<string, ContextEntry>>;
