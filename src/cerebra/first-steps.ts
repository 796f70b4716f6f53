/** For the banner: a budgeted key, a call that needs no provider account, and its row in the ledger. */
export const firstSteps = (url: string): string =>
  `Try it; no provider account is needed ($OCO_KEY: the admin key, shown above on the first start):

  KEY=$(curl -s ${url}/api/v1/keys -H "authorization: Bearer $OCO_KEY" -H 'content-type: application/json' \\
    -d '{"name": "first", "budget": {"limit_usd": 1, "period": "monthly"}}' | sed 's/.*"key": *"\\([^"]*\\)".*/\\1/')
  curl -s ${url}/v1/chat/completions -H "authorization: Bearer $KEY" -H 'content-type: application/json' \\
    -d '{"model": "demo/echo", "messages": [{"role": "user", "content": "Hello!"}]}'
  curl -s ${url}/api/v1/requests -H "authorization: Bearer $OCO_KEY"`;
