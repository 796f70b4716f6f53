/** Whom a virtual key speaks for. One object per key, made when the key is loaded, shared by its calls. */
export interface Caller {
  readonly keyId: string;
  readonly orgId: string | null;
  readonly teamId: string | null;
  readonly agentId: string | null;
  readonly userId: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Model names, `*` matches any run of characters; null allows all. */
  readonly allowedModels: readonly string[] | null;
  /** Null: never expires. */
  readonly expiresAt: number | null;
}
