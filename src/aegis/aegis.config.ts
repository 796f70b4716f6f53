import { z } from 'zod';

export const aegisConfig = z.object({});

export type AegisConfig = z.output<typeof aegisConfig>;
