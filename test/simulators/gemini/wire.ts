import { z } from 'zod';

/** As much of a request as the simulator answers to. */
export const generateRequest = z.looseObject({
  contents: z.array(z.unknown()).min(1),
  generationConfig: z.looseObject({ maxOutputTokens: z.int().positive().optional() }).optional(),
  tools: z
    .array(z.looseObject({ functionDeclarations: z.array(z.looseObject({ name: z.string() })).optional() }))
    .optional(),
});

type GenerateRequest = z.output<typeof generateRequest>;

const WORDS = ['The sea ', 'is blue, ', 'says Zoë 🌊.'] as const;

/** A token for every four bytes of the contents. */
export const tokensOf = ({ contents }: GenerateRequest): number =>
  Math.ceil(Buffer.byteLength(JSON.stringify(contents)) / 4);

/** Of the prompt, 4 tokens are cached; 5 more are thought than said. */
const usage = (request: GenerateRequest, said: number) => ({
  promptTokenCount: tokensOf(request) + 4,
  cachedContentTokenCount: 4,
  candidatesTokenCount: said,
  thoughtsTokenCount: 5,
  totalTokenCount: tokensOf(request) + 4 + said + 5,
});

/** The parts that are said, one for each chunk of a stream. */
function partsOf({ tools }: GenerateRequest): object[] {
  const name = tools?.[0]?.functionDeclarations?.[0]?.name;
  if (name === undefined) return WORDS.map((text) => ({ text }));
  return [{ functionCall: { name, args: { city: 'Paris' } } }];
}

const content = (model: string, request: GenerateRequest, parts: readonly object[], said: number, last: boolean) => ({
  candidates: [{ content: { parts, role: 'model' }, index: 0, ...(last ? { finishReason: 'STOP' } : {}) }],
  usageMetadata: usage(request, said),
  modelVersion: model,
  responseId: 'simulator',
});

/** The whole reply. */
export function reply(model: string, request: GenerateRequest): object {
  const parts = partsOf(request);
  return content(model, request, parts, parts.length, true);
}

/** The same in pieces, each with the usage so far. */
export function chunks(model: string, request: GenerateRequest): object[] {
  const parts = partsOf(request);
  return parts.map((part, index) => content(model, request, [part], index + 1, index === parts.length - 1));
}

/** An error in Google's shape. */
export const errorBody = (code: number, status: string, message: string): string =>
  JSON.stringify({ error: { code, message, status, details: [] } });
