import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { contexts } from '../../src/contexts.js';
import { variablesOf } from '../../src/platform/config/faults.js';
import { loadConfiguration, switchesOf } from '../../src/platform/config/load.js';
import { platformConfig } from '../../src/platform/config/platform.config.js';

const example = readFileSync('.env.example', 'utf8');
const ASSIGNMENT = /^#?\s?([A-Z][A-Z0-9_]+)=(.*)$/gm;

async function knownVariables(): Promise<Set<string>> {
  const known = new Set(variablesOf(platformConfig));
  for (const [name, entry] of Object.entries(contexts)) {
    for (const variable of variablesOf(switchesOf(name, entry.defaultPort))) known.add(variable);
    for (const variable of variablesOf((await entry.load()).config)) known.add(variable);
  }
  return known;
}

it('lists in .env.example exactly the variables that are read', async () => {
  const listed = [...example.matchAll(ASSIGNMENT)].map((match) => match[1]);
  expect(listed.length).toBeGreaterThan(30);
  expect(new Set(listed).size).toBe(listed.length);
  expect(new Set(listed)).toEqual(await knownVariables());
});

it('shows values that the schemas accept, and the defaults they have', async () => {
  const shown: Record<string, string> = {};
  for (const [, name = '', value = ''] of example.matchAll(ASSIGNMENT)) shown[name] = value;
  const { settings } = await loadConfiguration(shown, contexts);
  const { settings: defaults } = await loadConfiguration({}, contexts);
  expect(settings).toEqual(defaults);
});
