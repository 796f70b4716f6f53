import { z } from 'zod';
import type { BoundedContext, ContextRegistry } from '../bounded-context.js';
import type { Environment } from './environment.js';
import { ConfigurationError, parseVariables, variablesOf, type ConfigurationFault } from './faults.js';
import { platformConfig } from './platform.config.js';
import { toSettings, type ContextSettings, type Settings } from './settings.js';
import { unreadVariables, type UnreadVariable } from './unread.js';
import { flag, port } from './variables.js';

export interface Configuration {
  readonly settings: Settings;
  /** The manifests of the contexts that are on; the others were never imported. */
  readonly contexts: readonly BoundedContext[];
  readonly unread: readonly UnreadVariable[];
}

const prefix = (name: string): string => name.toUpperCase();

/** The two variables that decide whether and where a context runs, by its name. */
export function switchesOf(name: string, defaultPort: number) {
  return z.object({ [`${prefix(name)}_ENABLED`]: flag(true), [`${prefix(name)}_PORT`]: port(defaultPort) });
}

/**
 * Checks the whole environment once.
 * @throws {ConfigurationError} with every fault at once, so that an operator mends them in one go
 */
export async function loadConfiguration(environment: Environment, registry: ContextRegistry): Promise<Configuration> {
  const faults: ConfigurationFault[] = [];
  const platform = parseVariables(platformConfig, environment, faults);
  const contexts: BoundedContext[] = [];
  const contextSettings: ContextSettings[] = [];
  const known = [...variablesOf(platformConfig)];

  for (const [name, entry] of Object.entries(registry)) {
    const switching = switchesOf(name, entry.defaultPort);
    const switches = parseVariables(switching, environment, faults);
    known.push(...variablesOf(switching));
    if (switches?.[`${prefix(name)}_ENABLED`] === false) continue;
    const context = await entry.load();
    const config = parseVariables(context.config, environment, faults);
    contexts.push(context);
    known.push(...variablesOf(context.config));
    const boundPort = Number(switches?.[`${prefix(name)}_PORT`] ?? entry.defaultPort);
    contextSettings.push({ name, port: boundPort, config: Object.freeze(config ?? {}) });
  }

  reportSharedPorts(contextSettings, faults);
  if (contexts.length === 0 && faults.length === 0) faults.push(nothingIsOn(registry));
  if (platform === undefined || faults.length > 0) throw new ConfigurationError(faults);
  const prefixes = ['OCO_', ...contexts.map(({ name }) => `${prefix(name)}_`)];
  const unread = unreadVariables(environment, prefixes, known);
  return { settings: toSettings(platform, contextSettings, process.stdout.isTTY), contexts, unread };
}

function reportSharedPorts(contexts: readonly ContextSettings[], faults: ConfigurationFault[]): void {
  for (const [index, context] of contexts.entries()) {
    const other = contexts.slice(0, index).find((earlier) => earlier.port === context.port);
    if (other === undefined) continue;
    faults.push({
      variable: `${prefix(context.name)}_PORT`,
      expected: `a port of its own; ${prefix(other.name)}_PORT has the same`,
      given: `"${context.port}"`,
    });
  }
}

const nothingIsOn = (registry: ContextRegistry): ConfigurationFault => ({
  variable: Object.keys(registry)
    .map((name) => `${prefix(name)}_ENABLED`)
    .join(', '),
  expected: 'at least one to be true',
  given: '"false" for each',
});
