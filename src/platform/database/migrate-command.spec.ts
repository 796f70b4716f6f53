import { describe, expect, it } from '@jest/globals';
import { parseMigrateCommand, storagesFor } from './migrate-command.js';

describe('the migrate command', () => {
  it.each([
    ['run', { action: 'run', context: null }],
    ['run cerebra', { action: 'run', context: 'cerebra' }],
    ['status', { action: 'status', context: null }],
    ['revert aegis', { action: 'revert', context: 'aegis' }],
    ['', null],
    ['up', null],
    ['run cerebra aegis', null],
    ['revert', null],
  ])('%j is %j', (words, command) => {
    expect(parseMigrateCommand(words.split(' ').filter((word) => word !== ''))).toEqual(command);
  });

  it('is about the context named, and about nothing where that one is off', () => {
    const storage = (name: string) => ({ name, schema: name, entities: [], migrations: [] });
    const all = [storage('platform'), storage('cerebra')];
    expect(storagesFor({ action: 'run', context: null }, all)).toEqual(all);
    expect(storagesFor({ action: 'run', context: 'cerebra' }, all)).toEqual([storage('cerebra')]);
    expect(storagesFor({ action: 'run', context: 'aegis' }, all)).toBeNull();
  });
});
