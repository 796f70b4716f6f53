import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { REQUEST_ID_HEADER } from '../http/request-id.js';
import { envelopeOf, errorReply, type ErrorReply } from './error-reply.js';

/** The one place where an error of the management API becomes HTTP. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const answer = errorReply(error);
    this.tell(error, answer, request);
    if (reply.raw.headersSent) {
      // Half a body is out: only a broken connection tells the client that the rest is missing.
      reply.raw.destroy();
      return;
    }
    if (reply.sent) return;
    reply.code(answer.spec.status).headers({ ...answer.headers, [REQUEST_ID_HEADER]: request.id });
    reply.type('application/json; charset=utf-8').send(envelopeOf(answer));
  }

  /** The caller's own mistakes are in the log of requests already. */
  private tell(error: unknown, { spec }: ErrorReply, request: FastifyRequest): void {
    if (spec.severity === 'info') return;
    const callerRequestId = request.headers['x-request-id'];
    this.log[spec.severity](
      { err: error, code: spec.code, request_id: request.id, caller_request_id: callerRequestId },
      `${request.method} ${request.routeOptions?.url ?? 'an unknown path'} failed`,
    );
  }
}
