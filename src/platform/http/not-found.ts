import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../errors/app-error.js';
import { platformErrors } from '../errors/platform.errors.js';

const SHOWN_CHARACTERS = 200;

/** For a path that no route has, or not for this method. Raw scopes with a shape of their own set their own. */
export async function answerNotFound(request: FastifyRequest, _reply: FastifyReply): Promise<never> {
  const path = request.url.split('?', 1)[0] ?? '/';
  const shown = path.slice(0, SHOWN_CHARACTERS);
  const allowed = request.server.allowedMethods(path);
  if (allowed.length === 0)
    throw new AppError(platformErrors.notFound, `There is nothing at ${shown}; /docs lists what is.`);
  const allow = allowed.join(', ');
  throw new AppError(
    platformErrors.methodNotAllowed,
    `${shown} does not take ${request.method}, but ${allow}.`,
    { allow: allowed },
    { headers: { allow } },
  );
}
