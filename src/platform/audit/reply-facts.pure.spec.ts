import { describe, expect, it } from '@jest/globals';
import { factsOf } from './reply-facts.pure.js';

describe('factsOf', () => {
  it.each([
    ['{"id":"b1","name":"x"}', 'b1', null],
    ['{"error":{"code":"conflict","message":"x"}}', null, 'conflict'],
    ['{"id":7}', null, null],
    ['{"id":', null, null],
    ['[]', null, null],
    [`{"id":"b1","x":"${'y'.repeat(70_000)}"}`, null, null],
    [undefined, null, null],
    [Buffer.from('{"id":"b1"}'), null, null],
  ])('%.40s', (payload, id, errorCode) => expect(factsOf(payload)).toEqual({ id, errorCode }));
});
