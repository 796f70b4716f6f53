import { Members } from '../../gateway/members.pure.js';
import { edited } from '../../gateway/splice.pure.js';

const OPEN_BRACE = 0x7b;

/** Writes a limit into a body that has none, or names it as null. */
export function outputLimit(name: string): (body: Buffer, tokens: number) => Buffer {
  const names: ReadonlySet<string> = new Set([name]);
  return (body, tokens) => {
    const given = new Members(body, names).at(name);
    if (given !== null) return edited(body, [{ start: given.start, end: given.end, text: String(tokens) }]);
    // There is a member behind it, the model, so that a comma is right.
    const inside = body.indexOf(OPEN_BRACE) + 1;
    return edited(body, [{ start: inside, end: inside, text: `"${name}":${tokens},` }]);
  };
}
