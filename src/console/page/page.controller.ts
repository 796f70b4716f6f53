import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../platform/auth/access.js';
import { page, pageHeaders } from './page.js';

/** The page that a person sees first. */
@Public()
@ApiExcludeController()
@Controller()
export class PageController {
  @Get()
  show(@Res({ passthrough: true }) reply: FastifyReply): string {
    reply.type('text/html; charset=utf-8').headers(pageHeaders);
    return page;
  }
}
