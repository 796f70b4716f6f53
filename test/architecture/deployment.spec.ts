import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';

const read = (file: string): string => readFileSync(file, 'utf8');
const variables = (text: string, form: RegExp): string[] => [...text.matchAll(form)].map((match) => match[1] ?? '');

describe('deployment files', () => {
  const known = new Set(variables(read('.env.example'), /^#?\s?([A-Z][A-Z0-9_]+)=/gm));

  it('set only variables that exist', () => {
    const compose = read('docker-compose.yml');
    const app = compose.slice(compose.indexOf('  app:'), compose.indexOf('  timescaledb:'));
    const set = [
      ...variables(app, /^ {6}([A-Z][A-Z0-9_]+):/gm),
      ...variables(read('Dockerfile'), /^(?:ENV| {4}) ?([A-Z][A-Z0-9_]+)=/gm),
    ];
    expect(set.length).toBeGreaterThan(8);
    expect(set.filter((variable) => !known.has(variable))).toEqual([]);
  });

  it('copy into the image what they ignore nowhere, and nothing that may hold a secret', () => {
    const ignored = read('.dockerignore').split('\n');
    expect(ignored[0]).toBe('*');
    const sources = [...read('Dockerfile').matchAll(/^COPY (?!--from)(?:--\S+ )?(.+) \S+$/gm)].flatMap((match) =>
      (match[1] ?? '').split(' '),
    );
    expect(sources.length).toBeGreaterThan(5);
    for (const source of sources) expect(ignored).toContain(`!${source}`);
    expect(ignored).not.toContain('!.env');
  });

  it('run as a user without rights, on a read-only file system, started without a shell or npm in between', () => {
    expect(read('Dockerfile')).toMatch(/^USER node$/m);
    expect(read('Dockerfile')).toMatch(/^CMD \["node", .*"dist\/src\/main\.js"\]$/m);
    expect(read('docker-compose.yml')).toContain('read_only: true');
  });
});
