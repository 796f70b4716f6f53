import { HttpException, NotFoundException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
import { envelopeOf, errorReply } from './error-reply.js';
import { conflict, invalid } from './platform.errors.js';

const coded = (code: string, statusCode?: number): Error => Object.assign(new Error('secret'), { code, statusCode });

describe('errorReply', () => {
  it.each([
    ['an expected error', conflict('Taken.'), 409, 'conflict', 'Taken.'],
    ['a refusal of Nest', new NotFoundException('No such file'), 404, 'not_found', 'No such file.'],
    ['a refusal without a code of its own', new HttpException('No', 418), 418, 'bad_request', 'No.'],
    ['a refusal of Fastify', coded('FST_ERR_CTP_BODY_TOO_LARGE', 413), 413, 'payload_too_large', 'secret.'],
  ])('tells %s', (_what, error, status, code, message) => {
    const reply = errorReply(error);
    expect([reply.spec.status, reply.spec.code, reply.message]).toEqual([status, code, message]);
  });

  it.each([
    ['a fault', new Error('secret'), 500],
    ['a failure of Fastify', coded('FST_ERR_REP_ALREADY_SENT', 500), 500],
    ['a failure of Nest', new HttpException('secret', 502), 500],
    ['what is no error at all', 'secret', 500],
    ['a status that somebody hung on an error', coded('EWHATEVER', 404), 500],
    ['a wrong query', new QueryFailedError('SELECT', [], coded('42601')), 500],
    ['a refused connection', coded('ECONNREFUSED'), 503],
    ['a database that shuts down', new QueryFailedError('SELECT', [], coded('57P01')), 503],
    ['a lost connection', new Error('Connection terminated unexpectedly'), 503],
  ])('tells nothing of %s but that it is so', (_what, error, status) => {
    const reply = errorReply(error);
    expect(reply.spec.status).toBe(status);
    expect(JSON.stringify(envelopeOf(reply))).not.toMatch(/secret|SELECT|terminated/);
  });

  it('names each field in the message, for those who read nothing else', () => {
    const { message, details } = errorReply(invalid({ name: 'It is missing.', nam: "Unknown field 'nam'." }));
    expect(message).toBe("The request is not valid. name: It is missing. Unknown field 'nam'.");
    expect(details).toEqual({ name: 'It is missing.', nam: "Unknown field 'nam'." });
  });
});
