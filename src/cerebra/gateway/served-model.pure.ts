import { fieldsOf } from '../providers/report-fields.pure.js';
import { decode, findMembers } from './json-scan.pure.js';
import { isModelName } from './members.pure.js';

/** The model that a reply says has served it, in the shape of any of the three APIs. Azure's first events name none. */
export function servedModelIn(reply: unknown): string | null {
  const { model, modelVersion, response, message } = fieldsOf(reply);
  const named = [model, modelVersion, fieldsOf(response)['model'], fieldsOf(message)['model']];
  return named.find(isModelName) ?? null;
}

const NAMES: ReadonlySet<string> = new Set(['model', 'modelVersion']);

/** The same for the bytes of a whole reply. */
export function servedModelOf(bytes: Buffer): string | null {
  for (const { start, end } of findMembers(bytes, NAMES) ?? []) {
    const named = decode(bytes.toString('utf8', start, end));
    if (isModelName(named)) return named;
  }
  return null;
}
