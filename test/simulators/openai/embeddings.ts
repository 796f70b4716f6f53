import { z } from 'zod';

/** As much of an embeddings request as the simulator answers to. */
export const embeddingsRequest = z.looseObject({
  model: z.string(),
  input: z.union([z.string(), z.array(z.string())]),
  encoding_format: z.enum(['float', 'base64']).default('float'),
});

const VECTOR = [0.25, -0.5, 0.125];

/** One vector for each input, and a token for every four bytes. */
export function embeddingsReply({ model, input, encoding_format }: z.output<typeof embeddingsRequest>): object {
  const inputs = [input].flat();
  const embedding =
    encoding_format === 'float' ? VECTOR : Buffer.from(Float32Array.from(VECTOR).buffer).toString('base64');
  const tokens = inputs.reduce((sum, text) => sum + Math.ceil(Buffer.byteLength(text) / 4), 0);
  return {
    object: 'list',
    data: inputs.map((_, index) => ({ object: 'embedding', index, embedding })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}
