import { z } from 'zod';

/** As users name a file or folder of this machine; whether it may be read, `ImportRoots` says. */
export const importPath = z.string().min(1).max(4_096);
