/** Where the engines are that the process runs on. Plain data: it is cloned into each context's thread. */
export interface Connections {
  /** A PostgreSQL URL, of the embedded server or of the one configured. */
  readonly databaseUrl: string;
  /** True: the PostgreSQL is ours alone, so the process may keep a master key beside it. */
  readonly databaseEmbedded: boolean;
  readonly redisUrl: string | null;
  /** Base64. The first seals, all of them open; empty where secrets can't be stored. */
  readonly masterKeys: readonly string[];
}
