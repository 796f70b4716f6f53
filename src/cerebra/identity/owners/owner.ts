/** Whom calls belong to, beside the key that they are made with and the user. */
export const ownerKinds = ['org', 'team', 'agent'] as const;
export type OwnerKind = (typeof ownerKinds)[number];

/** Made by the API, or on the fly when a header named it first. */
export const origins = ['api', 'header'] as const;
export type Origin = (typeof origins)[number];

/** As they are called in sentences. */
export const ownerWords: Readonly<Record<OwnerKind, string>> = { org: 'Organization', team: 'Team', agent: 'Agent' };

/** What can stand above something. Null: nothing of the kind. */
export interface Parents {
  readonly orgId: string | null;
  readonly teamId: string | null;
}

/** What can be said of a call or a key. */
export interface Named extends Parents {
  readonly agentId: string | null;
}
