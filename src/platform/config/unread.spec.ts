import { expect, it } from '@jest/globals';
import { unreadVariables } from './unread.js';

const known = ['OCO_HOST', 'OCO_DATA_DIR', 'ALPHA_PORT', 'ALPHA_MAX_BODY', 'BETA_ENABLED'];
const unread = (...names: string[]) =>
  unreadVariables(Object.fromEntries(names.map((name) => [name, 'x'])), ['OCO_', 'ALPHA_'], known);

it.each([
  ['ALPHA_MAXBODY', 'ALPHA_MAX_BODY'],
  ['ALPHA_MAX_BDOY', 'ALPHA_MAX_BODY'],
  ['OCO_DATADIR', 'OCO_DATA_DIR'],
  ['OCO_host', 'OCO_HOST'],
  ['ALPHA_NOTHING_LIKE_ANY_OF_THEM', null],
])('%s is read by nothing, and %j was meant', (name, meant) => {
  expect(unread(name)).toEqual([{ name, meant }]);
});

it('what is read, what is of others or of a context that is off, and what Kubernetes sets is no matter', () => {
  const service = ['ALPHA_SERVICE_HOST', 'ALPHA_SERVICE_PORT_HTTP', 'ALPHA_PORT_8080_TCP', 'ALPHA_PORT_8080_TCP_ADDR'];
  expect(unread(...known, 'PATH', 'BETA_SIZE', ...service)).toEqual([]);
});
