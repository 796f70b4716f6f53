import { describe, expect, it } from '@jest/globals';
import { errorFacts, errorMessage } from './error-facts.js';

describe('errorFacts', () => {
  it('leaves out what libraries hang on their errors', () => {
    const error = Object.assign(
      new Error('query failed', { cause: Object.assign(new Error('gone'), { code: 'E1' }) }),
      {
        parameters: ['a prompt'],
        request: { headers: {} },
      },
    );
    const facts = errorFacts(error);
    expect(facts).toMatchObject({ type: 'Error', message: 'query failed', cause: { message: 'gone', code: 'E1' } });
    expect(JSON.stringify(facts)).not.toContain('a prompt');
  });

  it('ends on an error that causes itself', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(errorFacts(error)).match(/"round"/g)).toHaveLength(5);
  });
});

describe('errorMessage', () => {
  it('finds the reason of a refused connection, whose own message is empty', () => {
    expect(errorMessage(new AggregateError([new Error('connect ECONNREFUSED ::1:5432')]))).toBe(
      'connect ECONNREFUSED ::1:5432',
    );
  });

  it('is never empty', () => {
    expect([new Error(''), '', null, undefined, {}].map(errorMessage)).not.toContain('');
  });
});
