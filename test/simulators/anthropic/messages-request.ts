import { z } from 'zod';

/** As much of a messages request as the simulator answers to. */
export const messagesRequest = z.looseObject({
  model: z.string(),
  max_tokens: z.int().positive().optional(),
  messages: z.array(z.looseObject({ role: z.enum(['user', 'assistant']), content: z.unknown() })).min(1),
  stream: z.boolean().optional(),
  tools: z.array(z.looseObject({ name: z.string() })).optional(),
});

export type MessagesRequest = z.output<typeof messagesRequest>;
