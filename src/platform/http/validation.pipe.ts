import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { invalid, notFound } from '../errors/platform.errors.js';
import { check } from './issues.js';
import { isStorable, unstorablePath } from './storable.pure.js';

/**
 * Checks what a decorator gives a schema for: `@Body({ schema })`, `@Query({ schema })`, `@Param('id', { schema })`.
 * In place of Nest's `StandardSchemaValidationPipe`, whose issues no longer know the fields that the schema has.
 */
@Injectable()
export class ValidationPipe implements PipeTransform<unknown, Promise<unknown>> {
  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { schema, type, data } = metadata;
    // Nothing can have an id that no table holds.
    if (type === 'param' && typeof value === 'string' && !isStorable(value))
      throw notFound(`A ${data ?? 'resource'} like that`);
    if (schema === undefined) return value;
    if (!(schema instanceof z.ZodType)) throw new TypeError('Requests are described with zod.');
    const outcome = await check(schema, value, data ?? type);
    if (outcome.kind === 'invalid') throw invalid(outcome.issues);
    const unstorable = unstorablePath(value);
    if (unstorable !== null) {
      throw invalid({
        [unstorable.join('.') || (data ?? type)]: 'It holds NUL or half of a surrogate pair, which no text may.',
      });
    }
    return outcome.value;
  }
}
