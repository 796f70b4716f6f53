import { STATUS_CODES } from 'node:http';
import { HttpCode, applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

/**
 * The reply of an endpoint that went well: sets the status, and documents it with the schema of the body.
 * @param schema left out where there is no body (204)
 */
export function ApiReply(
  status: number,
  schema?: z.ZodType,
  description = STATUS_CODES[status] ?? '',
): MethodDecorator {
  const standardSchema = schema === undefined ? {} : { standardSchema: schema };
  return applyDecorators(HttpCode(status), ApiResponse({ status, description, ...standardSchema }));
}
