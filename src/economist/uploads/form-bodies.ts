import type { IncomingMessage } from 'node:http';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../../platform/errors/app-error.js';
import { platformErrors } from '../../platform/errors/platform.errors.js';
import { parseForm } from './form-parser.js';
import { UploadStore } from './upload-store.js';

/** Lets endpoints with `@TakesFiles()` take forms, whose file is stored while it arrives. */
@Injectable()
export class FormBodies implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(UploadStore) private readonly uploads: UploadStore,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addContentTypeParser('multipart/form-data', async (request: FastifyRequest, payload: IncomingMessage) => {
      if (request.routeOptions.config.takesFiles !== true) throw noForms();
      const contentType = request.headers['content-type'] ?? '';
      return parseForm(payload, contentType, (name, content) => this.uploads.put(name, content));
    });
  }
}

const noForms = (): AppError =>
  new AppError(platformErrors.unsupportedMediaType, 'This endpoint takes no forms: send JSON.');
