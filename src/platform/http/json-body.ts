import type { FastifyInstance } from 'fastify';

/** Management calls speak JSON alone. Forms and plain text, which a foreign web page can send, are 415. */
export function parseJsonBodies(instance: FastifyInstance): void {
  const parse = instance.getDefaultJsonParser('error', 'error');
  instance.removeContentTypeParser(['application/json', 'text/plain']);
  instance.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    // Many clients name the type on a DELETE that has no body.
    if (body === '') done(null, undefined);
    else void parse(request, body, done);
  });
}
