import { z } from 'zod';

export const aegisConfig = z.object({});
