import { NO_EDITS, type Asked, type Reading } from '../../gateway/asked.js';
import { Members, type Unreadable } from '../../gateway/members.pure.js';
import { mentions } from '../../gateway/mentions.pure.js';
import { tierOf } from './tier.pure.js';

/** Google takes every name in either spelling. */
const CONFIG = ['generationConfig', 'generation_config'] as const;
const LIMIT = ['maxOutputTokens', 'max_output_tokens'] as const;
const CHOICES = ['candidateCount', 'candidate_count'] as const;
const TIER = ['serviceTier', 'service_tier'] as const;

const NAMES: ReadonlySet<string> = new Set([...CONFIG, ...TIER]);
const CONFIG_NAMES: ReadonlySet<string> = new Set([...LIMIT, ...CHOICES]);
const NO_NAMES: ReadonlySet<string> = new Set();

const MOST_CHOICES = 8;

/** It becomes part of a path, so dots that lead elsewhere are none. */
const MODEL_PATH = /^(?!\.)[\w.:@-]+(?:\/(?!\.)[\w.:@-]+)*$/;
const LONGEST_MODEL = 200;

/** Input that the body does not hold: what it points to, and what the provider's own tools will find. */
const namesMore = mentions(
  [
    ['inlineData', 'inline_data'],
    ['fileData', 'file_data'],
    ['cachedContent', 'cached_content'],
    ['googleSearch', 'google_search'],
    ['googleSearchRetrieval', 'google_search_retrieval'],
    ['googleMaps', 'google_maps'],
    ['urlContext', 'url_context'],
    ['codeExecution', 'code_execution'],
    ['fileSearch', 'file_search'],
  ].flat(),
);

/** Reads a body of `:generateContent`, and with `stream` one of `:streamGenerateContent`. */
export const readGenerate =
  (stream: boolean) =>
  (body: Buffer, named: string): Reading => {
    const members = new Members(body, NAMES);
    const at = either(members, CONFIG);
    const config = new Members(
      at === null ? EMPTY : body.subarray(at.start, at.end),
      CONFIG_NAMES,
      at === null ? '' : `${at.name}.`,
    );
    const limitAt = either(config, LIMIT);
    const choicesAt = either(config, CHOICES);
    const maxOutput = limitAt === null ? null : config.count(limitAt.name);
    const choices = (choicesAt === null ? null : config.count(choicesAt.name, MOST_CHOICES)) ?? 1;
    const tierAt = either(members, TIER);
    const tier = tierOf(tierAt === null ? null : members.text(tierAt.name));
    const fault = faultIn(named) ?? members.fault ?? config.fault;
    if (fault !== null) return fault;
    return { kind: 'read', asked: { ...asked(named, stream, maxOutput, choices, namesMore(body)), tier } };
  };

/** Reads a body of `:embedContent`, `:batchEmbedContents` or `:countTokens`, which write nothing. */
export function readInput(body: Buffer, named: string): Reading {
  const fault = faultIn(named) ?? new Members(body, NO_NAMES).fault;
  if (fault !== null) return fault;
  return { kind: 'read', asked: asked(named, false, 0, 1, namesMore(body)) };
}

const EMPTY = Buffer.from('{}');

const asked = (model: string, stream: boolean, maxOutput: number | null, choices: number, media: boolean): Asked => ({
  model,
  modelAt: null,
  stream,
  maxOutput,
  choices,
  media,
  edits: NO_EDITS,
  hideUsage: false,
});

/** A member that has two spellings; both at once would leave open which one counts. */
function either(members: Members, [first, second]: readonly [string, string]) {
  const [one, other] = [members.at(first), members.at(second)];
  if (one !== null && other !== null) members.blame(second, 'is given twice');
  return one ?? other;
}

const faultIn = (model: string): Unreadable | null =>
  MODEL_PATH.test(model) && model.length <= LONGEST_MODEL
    ? null
    : { kind: 'unreadable', message: "The path must name a model, as in '/models/gemini-2.5-flash'.", param: 'model' };
