import { expect, it } from '@jest/globals';
import { mostSearches } from './searches.pure.js';

it.each([
  ['no tools', [], 0],
  ["the client's own tool", [{ name: 'web_search', input_schema: {} }], 0],
  ['a limit', [{ type: 'web_search_20250305', name: 'web_search', max_uses: 5 }], 5],
  ['no limit', [{ type: 'web_search_20260209', name: 'web_search' }], 10],
  ['what is no limit', [{ type: 'web_search_20250305', max_uses: 'all' }], 10],
  ['fetches, which are free', [{ type: 'web_fetch_20250910', max_uses: 5 }], 0],
  ['what is no tool', [null, 7, 'web_search_20250305'], 0],
])('with %s there can be as many searches', (_, tools, most) => {
  expect(mostSearches(tools)).toBe(most);
});
