/** A pattern cut at its stars: what stands between them must follow in that order. */
export type ModelPattern = readonly string[];

/** `*` stands for any run of characters. */
export const toPattern = (text: string): ModelPattern => text.split('*');

/** In linear time, unlike a regular expression: the caller chooses the name. */
export function matches([head = '', ...rest]: ModelPattern, name: string): boolean {
  const tail = rest.pop();
  if (tail === undefined) return name === head;
  const end = name.length - tail.length;
  if (end < head.length || !name.startsWith(head) || !name.endsWith(tail)) return false;
  let from = head.length;
  for (const part of rest) {
    const found = name.indexOf(part, from);
    if (found === -1 || found + part.length > end) return false;
    from = found + part.length;
  }
  return true;
}
