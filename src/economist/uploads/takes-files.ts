import { RouteConfig } from '@nestjs/platform-fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route takes forms with a file; others answer them with 415. */
    takesFiles?: boolean;
  }
}

/**
 * On an endpoint that takes `multipart/form-data` beside JSON. Its body then is an object of the form's fields, in
 * which a file is a `StoredUpload`.
 */
export const TakesFiles = (): MethodDecorator => RouteConfig({ takesFiles: true });
