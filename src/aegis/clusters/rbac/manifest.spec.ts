import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rbacManifest } from './manifest.js';
import { rbacRoles } from './rules.js';

it.each(rbacRoles)('the chart ships what the API gives for %s', (role) => {
  expect(readFileSync(join('helm', 'open-cloud-ops', 'files', `aegis-rbac-${role}.yaml`), 'utf8')).toBe(
    rbacManifest(role),
  );
});
