import { z } from 'zod';

export const economistConfig = z.object({});
