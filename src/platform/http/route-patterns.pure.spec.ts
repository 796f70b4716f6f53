import { describe, expect, it } from '@jest/globals';
import { methodsOf, patternOf } from './route-patterns.pure.js';

const routes = [
  patternOf('/api/v1/budgets', ['GET']),
  patternOf('/api/v1/budgets', ['POST']),
  patternOf('/api/v1/budgets/:id', ['PUT']),
  patternOf('/api/v1/budgets/:id', ['GET', 'HEAD']),
  patternOf('/files/*', ['GET']),
  patternOf('/v1beta/models/:model::generate', ['POST']),
  patternOf('/pages/:page(\\d+).html', ['GET']),
];

describe('methodsOf', () => {
  it.each([
    ['/api/v1/budgets', ['GET', 'POST']],
    ['/api/v1/budgets/b1', ['GET', 'HEAD', 'PUT']],
    ['/api/v1/budgets/b1/x', []],
    ['/api/v1/budgets/', []],
    ['/files/a/b.txt', ['GET']],
    ['/v1beta/models/gemini-2.5:generate', ['POST']],
    ['/v1beta/models/gemini-2.5', []],
    ['/pages/7.html', ['GET']],
    ['/pages/7xhtml', []],
  ])('%s has %j', (path, methods) => expect(methodsOf(routes, path)).toEqual(methods));
});
