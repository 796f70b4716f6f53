import { describe, expect, it } from '@jest/globals';
import { readKubeconfig } from './kubeconfig.js';

const SECRET = 'c2VjcmV0LXZhbHVl';
const kubeconfig = (cluster: object, user: object, more: object = {}): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: 'https://kube.example.test:6443', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'main', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'main',
    ...more,
  });
const whyNot = (text: string, context: string | null = null): string => {
  const read = readKubeconfig(text, context);
  return read.kind === 'refused' ? `${read.field}: ${read.why}` : 'it was read';
};

describe('a kubeconfig', () => {
  it('is cut down to the context that is asked for: no other credential is kept', () => {
    const text = `
apiVersion: v1
kind: Config
current-context: one
clusters:
- {name: first, cluster: {server: "https://first.example.test", certificate-authority-data: ${SECRET}}}
- {name: second, cluster: {server: "https://second.example.test"}}
users:
- {name: first, user: {token: first-token}}
- {name: second, user: {client-certificate-data: ${SECRET}, client-key-data: ${SECRET}}}
contexts:
- {name: one, context: {cluster: first, user: first, namespace: shop}}
- {name: two, context: {cluster: second, user: second, extensions: [{name: tool, extension: {a: 1}}]}}
preferences: {}
`;
    const read = readKubeconfig(text, 'two');
    expect(read).toMatchObject({ kind: 'read', kubeconfig: { context: 'two', server: 'https://second.example.test' } });
    expect(JSON.stringify(read)).not.toMatch(/first/);
    expect(readKubeconfig(text, null)).toMatchObject({ kubeconfig: { context: 'one' } });
  });

  it.each([
    ['a command', { exec: { command: 'sh', args: ['-c', 'id'] } }, /users\.0\.user\.exec: It would run a program/],
    [
      'a provider',
      { 'auth-provider': { name: 'gcp', config: { 'cmd-path': '/bin/sh' } } },
      /auth-provider: .* program/,
    ],
    ['a certificate file', { 'client-certificate': '/etc/passwd' }, /client-certificate: It would read a file/],
    ['a key file', { 'client-key': '/etc/shadow' }, /client-key: It would read a file/],
    ['a token file', { tokenFile: '/var/run/token' }, /tokenFile: It would read a file/],
    ['a token file in its other spelling', { 'token-file': '/var/run/token' }, /token-file: It would read a file/],
    ['another user and groups', { as: 'x', 'as-groups': ['system:masters'] }, /as-groups: It is not supported/],
    ['something unheard of', { plugin: 'x' }, /users\.0\.user\.plugin: It is not known here/],
  ])('that makes its user %s is refused, whatever else is in it', (_what, part, why) => {
    expect(whyNot(kubeconfig({}, { token: 't', ...part }))).toMatch(why);
  });

  it('is refused for a user of another context too', () => {
    const users = [
      { name: 'u', user: { token: 't' } },
      { name: 'other', user: { exec: { command: 'sh' } } },
    ];
    expect(whyNot(kubeconfig({}, {}, { users }))).toMatch(/users\.1\.user\.exec/);
  });

  it.each([
    ['an authority in a file', { 'certificate-authority': '/etc/ca' }, /certificate-authority: It would read a file/],
    ['a proxy', { 'proxy-url': 'http://proxy' }, /proxy-url: A proxy is not supported/],
    ['plain HTTP', { server: 'http://kube.example.test' }, /server: It must be a URL that begins with https/],
    ['a file for a server', { server: 'file:///etc/passwd' }, /server: It must be a URL/],
    ['a password in its URL', { server: 'https://me:secret@kube.example.test' }, /server: It must not hold a user/],
  ])('that gives its cluster %s is refused', (_what, part, why) => {
    expect(whyNot(kubeconfig(part, { token: 't' }))).toMatch(why);
  });

  it.each([
    ['no YAML', 'users: [', /kubeconfig: It is no YAML \(line 1\)/],
    ['a sentence', 'hello', /It is no kubeconfig/],
    ['a list', '[]', /It is no kubeconfig/],
    ['nothing', '', /It is no/],
    ['two documents', `${kubeconfig({}, { token: 't' })}\n---\n{}`, /It is no YAML/],
    ['aliases, which can grow without end', 'a: &a [x]\nb: *a\n', /It is no YAML/],
    ['a type of some language', 'users: !!js/function "() => 1"', /It is no YAML/],
    ['a credential of nothing', kubeconfig({}, {}), /has no token, no client certificate with its key/],
    ['a certificate without its key', kubeconfig({}, { 'client-certificate-data': SECRET }), /has no token/],
    ['a token of two lines', kubeconfig({}, { token: 'a\nb' }), /token: It must be printable ASCII/],
    [
      'no current context',
      kubeconfig({}, { token: 't' }, { 'current-context': '' }),
      /names no current context; there are 'main'/,
    ],
    ['a context without its user', kubeconfig({}, {}, { users: [] }), /names the user 'u', which it lacks/],
  ])('that is %s is refused', (_what, text, why) => {
    expect(whyNot(text)).toMatch(why);
  });

  it('tells which contexts there are, when another is asked for', () => {
    expect(whyNot(kubeconfig({}, { token: 't' }), 'prod')).toBe("context: It has no context 'prod'; there are 'main'.");
  });

  it('never quotes what it holds', () => {
    const hidden = 'hidden-value';
    const texts = [
      `token: ${hidden}\n  bad: [`,
      kubeconfig({}, { token: `${hidden}\nx` }),
      kubeconfig({ server: `http://${hidden}` }, { token: hidden }),
      kubeconfig({ 'certificate-authority-data': `${hidden}!` }, { 'client-key-data': `${hidden}!`, exec: hidden }),
    ];
    for (const text of texts) expect(whyNot(text)).not.toContain(hidden);
  });
});
