/** What clients put behind their base URL, and the base that is right for it, below this server's address. */
const CLIENTS: readonly { readonly calls: RegExp; readonly base: string; readonly served: RegExp }[] = [
  { calls: /\/messages(?:\/count_tokens)?$/, base: '', served: /^(?:\/anthropic)?\/v1$/ },
  { calls: /\/models\/[^/]+:\w+$/, base: '', served: /^(?:\/gemini)?\/v1(?:beta)?$/ },
  {
    calls:
      /\/(?:chat\/completions|completions|embeddings|responses|moderations|models|images|audio|files|batches)(?:\/.*)?$/,
    base: '/v1',
    served: /^\/v1$/,
  },
];

/**
 * The base with which a client's call would have found what is served: `/v1` for one of OpenAI's, nothing for one of
 * Anthropic's or Google's, whose clients put the version there themselves.
 * @returns null where the base of this path is not to blame
 */
export function rightBase(path: string): string | null {
  for (const { calls, base, served } of CLIENTS) {
    const called = calls.exec(path);
    if (called !== null) return served.test(path.slice(0, called.index)) ? null : base;
  }
  return null;
}
