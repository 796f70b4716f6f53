import { describe, expect, it } from '@jest/globals';
import { redact } from './redaction.pure.js';

const SECRET = 'pl4nted-S3CRET-value';

describe('redact', () => {
  it.each([
    ['a virtual key', `calls with oco_live_${SECRET} fail`],
    ['an admin key', `oco_admin_${SECRET}`],
    ['an operator key', `made oco_operator_${SECRET}.`],
    ['a viewer key', `"oco_viewer_${SECRET}"`],
    ['an OpenAI key', `Incorrect API key provided: sk-proj-${SECRET}.`],
    ['a Google key', `AIzaSy${SECRET}`],
    ['a bearer header in a sentence', `sent Authorization: Bearer ${SECRET}`],
    ['a basic header', `Basic ${SECRET}==`],
    ['a key in a query', `GET https://host/v1beta/models?alt=sse&key=${SECRET}`],
    ['a password in a URL', `connect postgres://admin:${SECRET}@db:5432/x`],
    ['a header field', JSON.stringify({ req: { headers: { authorization: SECRET } } })],
    ['a header field in another case', JSON.stringify({ 'X-Api-Key': SECRET })],
    ['a Gemini header', JSON.stringify({ headers: { 'x-goog-api-key': SECRET } })],
    ['cookies in a list', JSON.stringify({ 'set-cookie': [`a=${SECRET}`, `b="${SECRET}"; Secure`], kept: 1 })],
    ['a value with escaped quotes', JSON.stringify({ password: `x"${SECRET}` })],
    ['a field of JSON inside a string', JSON.stringify({ msg: JSON.stringify({ api_key: SECRET }) })],
    ['a private key', `-----BEGIN PRIVATE KEY-----\\n${SECRET.replaceAll('-', '')}\\n-----END PRIVATE KEY-----`],
  ])('hides %s', (_, text) => {
    expect(redact(text)).not.toContain(SECRET);
    expect(redact(text)).not.toContain(SECRET.replaceAll('-', ''));
    expect(redact(text)).toContain('[Redacted]');
  });

  it('leaves valid JSON behind', () => {
    const line = JSON.stringify({
      cookie: 'a="b"\\',
      nested: [{ token: 'x' }, { url: 'http://u:p@h/?key=1&b="2"' }],
      msg: 'Bearer abcdefgh" oco_live_abcdefgh\\',
    });
    expect(JSON.parse(redact(line))).toMatchObject({ cookie: '[Redacted]', nested: [{ token: '[Redacted]' }, {}] });
  });

  it.each([
    '{"input_tokens":12,"token":5,"key_id":"k1","model":"gpt-4.1"}',
    'a risk-adjusted task-oriented disk-usage report',
    'GET /api/v1/keys?limit=20',
    'listening on http://127.0.0.1:8080',
  ])('leaves %s as it is', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('takes time in proportion to the length of a hostile line', () => {
    const hostile = `{"msg":"${'\\"password\\":\\"'.repeat(20_000)}${'://a:'.repeat(20_000)}${'Bearer '.repeat(20_000)}"}`;
    const start = performance.now();
    redact(hostile);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
