import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { AppError } from '../errors/app-error.js';
import { platformErrors } from '../errors/platform.errors.js';

const SHOWN_CHARACTERS = 200;

/**
 * Has calls that no route of a scope takes answered before their body is read: nobody should have to send
 * megabytes, or mend their JSON, to hear that there is nothing. In place of the scope's `setNotFoundHandler`.
 * @param answer replies, or throws for the scope's error handler; `allowedMethods` tells it 405 from 404
 * @param before hooks of such calls alone
 */
export function answerUnknown(
  scope: FastifyInstance,
  answer: (request: FastifyRequest, reply: FastifyReply) => unknown,
  before: readonly onRequestAsyncHookHandler[] = [],
): void {
  // In a scope of its own, which has no routes: those of the outer one pay nothing for these hooks.
  void scope.register((own, _options, registered) => {
    for (const hook of before) own.addHook('onRequest', hook);
    own.addHook('onRequest', async (request, reply) => {
      await answer(request, reply);
      return reply;
    });
    // For routes that find nothing behind their own path, and say so by `callNotFound`, past the hooks above.
    own.setNotFoundHandler(answer);
    registered();
  });
}

/** The answer of the management API: nothing is there, or not for this method. */
export async function answerNotFound(request: FastifyRequest, _reply: FastifyReply): Promise<never> {
  const path = request.url.split('?', 1)[0] ?? '/';
  const shown = path.slice(0, SHOWN_CHARACTERS);
  const allowed = request.server.allowedMethods(path);
  if (allowed.length === 0 || allowed.includes(request.method))
    throw new AppError(platformErrors.notFound, `There is nothing at ${shown}; /docs lists what is.`);
  const allow = allowed.join(', ');
  throw new AppError(
    platformErrors.methodNotAllowed,
    `${shown} does not take ${request.method}, but ${allow}.`,
    { allow: allowed },
    { headers: { allow } },
  );
}
