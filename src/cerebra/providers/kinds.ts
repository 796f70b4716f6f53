import { anthropic } from './anthropic/index.js';
import { gemini } from './gemini/index.js';
import type { HostedApi } from './hosted-api.js';
import { openAi } from './openai/index.js';

export const providerKinds = ['openai', 'anthropic', 'gemini', 'openai-compatible'] as const;
export type ProviderKind = (typeof providerKinds)[number];

/** Whose published prices a model's price is looked up in. */
export const catalogues = ['openai', 'anthropic', 'gemini'] as const;
export type CatalogueName = (typeof catalogues)[number];

export interface Kind {
  readonly hosted: HostedApi;
  /** Null: a model called `gpt-4o` on somebody's own server is not the one that OpenAI bills for. */
  readonly catalogue: CatalogueName | null;
  /** Its inventor serves it at `hosted.publicUrl`, where it is found without an address. */
  readonly hasPublicUrl: boolean;
}

/** What can be configured as a provider. */
export const kinds: Readonly<Record<ProviderKind, Kind>> = {
  openai: { hosted: openAi, catalogue: 'openai', hasPublicUrl: true },
  anthropic: { hosted: anthropic, catalogue: 'anthropic', hasPublicUrl: true },
  gemini: { hosted: gemini, catalogue: 'gemini', hasPublicUrl: true },
  'openai-compatible': { hosted: openAi, catalogue: null, hasPublicUrl: false },
};
