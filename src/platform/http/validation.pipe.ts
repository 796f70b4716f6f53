import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { invalid } from '../errors/platform.errors.js';
import { check } from './issues.js';

/**
 * Checks what a decorator gives a schema for: `@Body({ schema })`, `@Query({ schema })`, `@Param('id', { schema })`.
 * In place of Nest's `StandardSchemaValidationPipe`, whose issues no longer know the fields that the schema has.
 */
@Injectable()
export class ValidationPipe implements PipeTransform<unknown, Promise<unknown>> {
  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { schema, type, data } = metadata;
    if (schema === undefined) return value;
    if (!(schema instanceof z.ZodType)) throw new TypeError('Requests are described with zod.');
    const outcome = await check(schema, value, data ?? type);
    if (outcome.kind === 'invalid') throw invalid(outcome.issues);
    return outcome.value;
  }
}
