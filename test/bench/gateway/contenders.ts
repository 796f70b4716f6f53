import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { listening, start } from './processes.ts';

/** Something that forwards chat calls to the mock upstream. */
export interface Contender {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly pid: number;
}

const LOAD_CORE = 0;
const CONTENDER_CORE = 1;
const folder = import.meta.dirname;

const pidOf = (child: { pid?: number | undefined }): number => {
  if (child.pid === undefined) throw new Error('A contender did not start.');
  return child.pid;
};

export async function mockUpstream(port: number): Promise<Contender> {
  const child = start(LOAD_CORE, [process.execPath, '--no-warnings', join(folder, 'mock-upstream.ts'), String(port)]);
  await listening(port);
  return { name: 'direct', url: `http://127.0.0.1:${port}/v1/chat/completions`, headers: {}, pid: pidOf(child) };
}

/** The yardstick: a plain reverse proxy, unbuffered as streams need it. */
export async function nginx(port: number, upstreamPort: number): Promise<Contender> {
  if (!hasCommand('nginx')) throw new Error('The yardstick nginx is missing: apt-get install nginx');
  const home = mkdtempSync(join(tmpdir(), 'bench-nginx-'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${home}/${kind};`,
  );
  writeFileSync(
    join(home, 'nginx.conf'),
    `daemon off; worker_processes 1; pid ${home}/pid; error_log ${home}/error.log warn; events { worker_connections 16384; }
     http { access_log off; tcp_nodelay on; keepalive_requests 100000000; keepalive_timeout 300s; client_body_buffer_size 1m;
       ${temporary.join(' ')}
       upstream mock { server 127.0.0.1:${upstreamPort}; keepalive 1024; keepalive_requests 100000000; }
       server { listen 127.0.0.1:${port} backlog=4096; location / { proxy_pass http://mock; proxy_http_version 1.1;
         proxy_set_header Connection ""; proxy_set_header Authorization "Bearer sk-bench"; proxy_buffering off; } } }`,
  );
  const child = start(CONTENDER_CORE, ['nginx', '-e', `${home}/error.log`, '-c', join(home, 'nginx.conf')]);
  await listening(port);
  return { name: 'nginx', url: `http://127.0.0.1:${port}/v1/chat/completions`, headers: {}, pid: pidOf(child) };
}

/** With the versions of its server that it was released with: on newer ones its streams fail. */
const PORTKEY = ['@portkey-ai/gateway@1.15.2', 'hono@4.9.7', '@hono/node-server@1.13.5', '@hono/node-ws@1.2.0'];

/** The best-known gateway on Node. It checks no key, holds no budget and writes no ledger. */
export async function portkey(port: number, upstreamPort: number): Promise<Contender> {
  const home = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'open-cloud-ops', 'bench', 'portkey');
  const entry = join(home, 'node_modules', '@portkey-ai', 'gateway', 'build', 'start-server.js');
  if (!existsSync(entry)) {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), '{"private": true}');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...PORTKEY], {
      cwd: home,
      stdio: 'inherit',
    });
  }
  const child = start(CONTENDER_CORE, [process.execPath, entry, '--headless', `--port=${port}`], {
    cwd: home,
    env: { TRUSTED_CUSTOM_HOSTS: '127.0.0.1' },
  });
  await listening(port);
  return {
    name: 'portkey',
    url: `http://127.0.0.1:${port}/v1/chat/completions`,
    headers: {
      authorization: 'Bearer sk-bench',
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `http://127.0.0.1:${upstreamPort}/v1`,
    },
    pid: pidOf(child),
  };
}

const ADMIN_KEY = 'oco_admin_bench_0123456789abcdef';

/** Ours as built, everything on: key check, budget, price, intent and ledger row. */
export async function cerebra(
  name: string,
  port: number,
  upstreamPort: number,
  env: NodeJS.ProcessEnv,
): Promise<Contender> {
  const child = start(CONTENDER_CORE, [process.execPath, join(folder, '../../../dist/src/main.js')], {
    cwd: mkdtempSync(join(tmpdir(), 'bench-cerebra-')),
    env: {
      ECONOMIST_ENABLED: 'false',
      AEGIS_ENABLED: 'false',
      CONSOLE_ENABLED: 'false',
      CEREBRA_PORT: String(port),
      OCO_ADMIN_KEY: ADMIN_KEY,
      OPENAI_BASE_URL: `http://127.0.0.1:${upstreamPort}/v1`,
      OPENAI_API_KEY: 'sk-bench',
      LOG_LEVEL: 'warn',
      ...env,
    },
  });
  await listening(port);
  const key = await virtualKey(port);
  return {
    name,
    url: `http://127.0.0.1:${port}/v1/chat/completions`,
    headers: { authorization: `Bearer ${key}` },
    pid: pidOf(child),
  };
}

async function virtualKey(port: number): Promise<string> {
  const reply = await fetch(`http://127.0.0.1:${port}/api/v1/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'bench', budget: { limit_usd: 1_000_000, period: 'monthly' } }),
  });
  const body: unknown = await reply.json();
  if (typeof body === 'object' && body !== null && 'key' in body && typeof body.key === 'string') return body.key;
  throw new Error(`No virtual key was made: ${reply.status} ${JSON.stringify(body)}`);
}

const hasCommand = (command: string): boolean => {
  try {
    execFileSync('which', [command], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
