import type { MatchLogic } from '@pydantic/genai-prices';

/** Whether a name means the model. */
export type NameTest = (name: string) => boolean;

/** The catalogue's rules for names, made into one function. */
export function nameTest(logic: MatchLogic): NameTest {
  if ('or' in logic) {
    const parts = logic.or.map(nameTest);
    return (name) => parts.some((part) => part(name));
  }
  if ('and' in logic) {
    const parts = logic.and.map(nameTest);
    return (name) => parts.every((part) => part(name));
  }
  if ('equals' in logic) return (name) => name === logic.equals;
  if ('starts_with' in logic) return (name) => name.startsWith(logic.starts_with);
  if ('ends_with' in logic) return (name) => name.endsWith(logic.ends_with);
  if ('contains' in logic) return (name) => name.includes(logic.contains);
  const pattern = new RegExp(logic.regex);
  return (name) => pattern.test(name);
}

/** The names that the rules spell out. */
export function exactNames(logic: MatchLogic): string[] {
  if ('or' in logic) return logic.or.flatMap(exactNames);
  return 'equals' in logic ? [logic.equals] : [];
}
