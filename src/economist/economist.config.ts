import { z } from 'zod';

export const economistConfig = z.object({});

export type EconomistConfig = z.output<typeof economistConfig>;
