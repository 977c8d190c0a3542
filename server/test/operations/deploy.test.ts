import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { readSettings } from '../../src/settings';
import { settingNames } from '../support/setting-names';
import { makeTempDir } from '../support/temp-dir';
import { TestServer } from '../support/test-server';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const DEPLOY = join(ROOT, 'deploy');

interface Service {
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly ports?: readonly string[];
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>;
  readonly stop_grace_period?: string;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const compose = parse(readFileSync(join(DEPLOY, 'compose.yaml'), 'utf8'), { merge: true }) as Compose;
const servers = Object.entries(compose.services).filter(([name]) => /^parley-\d+$/.test(name));
const dockerfile = readFileSync(join(DEPLOY, 'Dockerfile'), 'utf8').replace(/\\\n\s*/g, '');
const nginx = readFileSync(join(DEPLOY, 'nginx/parley.conf'), 'utf8').replace(/#.*$/gm, '');
const dir = makeTempDir();
after(() => dir.remove());

/** The arguments of every instruction of one kind, in their order. */
function instructions(kind: string): string[] {
  return [...dockerfile.matchAll(new RegExp(`^\\s*${kind} (.+)$`, 'gm'))].map((match) => match[1] ?? '');
}

/** What is copied out of the repository: sources and target. */
const copies = instructions('COPY')
  .filter((text) => !text.startsWith('--from'))
  .map((text) => text.split(' '))
  .map((words) => ({ sources: words.slice(0, -1), target: words.at(-1) ?? '' }));

function environmentOfImage(): Record<string, string> {
  return Object.fromEntries(
    instructions('ENV')
      .flatMap((text) => text.split(' '))
      .map((pair) => pair.split('=') as [string, string]),
  );
}

function makeSecrets(folder: string): string {
  return execFileSync('sh', [join(DEPLOY, 'make-secrets.sh'), folder], { encoding: 'utf8' });
}

describe('deploy/compose.yaml', () => {
  test('has three servers that differ in their own folder only', () => {
    assert.equal(servers.length, 3);
    const own = servers.map(([, { volumes }]) => volumes?.find((volume) => volume.endsWith(':/data')));
    assert.equal(new Set(own).size, 3);
    const rest = servers.map(([, server]) => JSON.stringify({ ...server, volumes: server.volumes?.slice(1) }));
    assert.equal(new Set(rest).size, 1);
    assert.deepEqual(servers[0]?.[1].volumes?.[1], 'files:/files');
  });

  test('sets nothing that the server does not know, and the server takes all of it', () => {
    const folder = join(dir.path, 'compose-secrets');
    makeSecrets(folder);
    const known = settingNames();
    const environment = servers[0]?.[1].environment ?? {};
    for (const name of Object.keys(environment)) {
      assert.ok(known.has(name), name);
    }
    const files = Object.fromEntries(
      Object.entries(environment).map(([name, value]) => {
        const secret = compose.secrets[value.replace('/run/secrets/', '')];
        return [name, secret === undefined ? value : join(folder, secret.file.replace('./secrets/', ''))];
      }),
    );
    const settings = readSettings({ ...environmentOfImage(), ...files, DATA_DIR: dir.path });
    assert.equal(settings.metricsPort, 9464);
    assert.ok(settings.tokenSecret !== null && settings.tokenSecret.length >= 32);
  });

  test('names only services, volumes, networks, secrets and files that are there', () => {
    for (const [name, service] of Object.entries(compose.services)) {
      const needs = Array.isArray(service.depends_on) ? service.depends_on : Object.keys(service.depends_on ?? {});
      needs.forEach((need: string) => assert.ok(need in compose.services, `${name}: ${need}`));
      service.networks?.forEach((network) => assert.ok(network in compose.networks, `${name}: ${network}`));
      service.secrets?.forEach((secret) => assert.ok(secret in compose.secrets, `${name}: ${secret}`));
      service.volumes?.forEach((volume) => {
        const source = volume.split(':')[0] ?? '';
        assert.ok(source.startsWith('./') ? existsSync(join(DEPLOY, source)) : source in compose.volumes, volume);
      });
      if (service.build !== undefined) {
        assert.ok(existsSync(join(DEPLOY, service.build.context, service.build.dockerfile)), name);
      }
      Object.values(service.environment ?? {}).forEach((value) => {
        const secret = /^\/run\/secrets\/(.+)$/.exec(String(value))?.[1];
        assert.ok(secret === undefined || service.secrets?.includes(secret) === true, `${name}: ${value}`);
      });
    }
  });

  test('has no secret in it and opens no port but the balancer’s', () => {
    for (const [name, { environment = {}, ports = [] }] of Object.entries(compose.services)) {
      for (const [variable, value] of Object.entries(environment)) {
        assert.ok(!/SECRET|PASSWORD|DATABASE_URL/.test(variable) || variable.endsWith('_FILE'), `${name}: ${variable}`);
        assert.ok(!/:[^/@]+@/.test(String(value)), `${name}: ${variable}`);
      }
      assert.equal(ports.length > 0, name === 'balancer', name);
    }
  });

  test('gives a server more time to end than the server takes', () => {
    for (const [, { environment, stop_grace_period: grace }] of servers) {
      assert.ok(Number(environment?.['DRAIN_LIMIT_MS']) < 1000 * Number(/^(\d+)s$/.exec(grace ?? '')?.[1]));
    }
  });
});

describe('deploy/Dockerfile', () => {
  test('copies what is there, and .dockerignore lets it through', () => {
    const ignore = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
    assert.ok(ignore.includes('*'));
    const sources = copies.flatMap((copy) => copy.sources);
    assert.ok(sources.length >= 7);
    for (const source of sources) {
      assert.ok(existsSync(join(ROOT, source)), source);
      assert.ok(ignore.includes(`!${source}`), source);
    }
  });

  test('copies all that the server needs: from these files alone it starts and ends', async () => {
    const image = join(dir.path, 'image');
    for (const { sources, target } of copies) {
      for (const source of sources) {
        const isFolder = target.endsWith('/');
        const to = join(image, isFolder ? join(target, source.split('/').at(-1) ?? '') : target);
        mkdirSync(dirname(to), { recursive: true });
        cpSync(join(ROOT, source), to, { recursive: true });
      }
    }
    symlinkSync(join(ROOT, 'node_modules'), join(image, 'node_modules'));
    const [program = '', ...args] = JSON.parse(instructions('ENTRYPOINT')[0] ?? '[]') as string[];
    assert.deepEqual([program, JSON.parse(instructions('CMD').at(-1) ?? '[]')], ['node', ['serve']]);
    const env = { PATH: process.env.PATH ?? '', DATA_DIR: join(dir.path, 'image-data') };
    const help = execFileSync(process.execPath, [...args, '--help'], { cwd: image, env, encoding: 'utf8' });
    assert.match(help, /^parley-server: /);
    const server = spawn(process.execPath, [...args, 'serve'], { cwd: image, env: { ...env, PORT: '0' } });
    let output = '';
    server.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    while (!output.includes('"listening"')) {
      await once(server.stdout, 'data');
    }
    server.kill('SIGTERM');
    assert.deepEqual(await once(server, 'exit'), [0, null]);
  });

  test('sets nothing that the server does not know', () => {
    const known = settingNames();
    const { NODE_ENV, ...environment } = environmentOfImage();
    assert.equal(NODE_ENV, 'production');
    Object.keys(environment).forEach((name) => assert.ok(known.has(name), name));
    assert.ok(!Object.keys(environment).some((name) => /SECRET|URL/.test(name)));
  });

  test('runs as nobody special, and without scripts of packages', () => {
    assert.deepEqual(instructions('USER'), ['node']);
    assert.match(instructions('RUN')[0] ?? '', /^npm ci --omit=dev --ignore-scripts /);
    assert.deepEqual(instructions('STOPSIGNAL'), ['SIGTERM']);
  });

  test('its health check tells a living server from none', async () => {
    const command = /CMD (\[.*\])$/.exec(instructions('HEALTHCHECK')[0] ?? '')?.[1] ?? '[]';
    const [, ...args] = JSON.parse(command) as string[];
    async function check(port: string): Promise<number> {
      const child = spawn(process.execPath, args, { env: { PORT: port } });
      return ((await once(child, 'exit')) as [number])[0];
    }
    const server = await TestServer.start();
    const { port } = new URL(server.baseUrl);
    try {
      assert.equal(await check(port), 0);
    } finally {
      await server.stop();
    }
    assert.equal(await check(port), 1);
  });
});

describe('deploy/nginx/parley.conf', () => {
  test('balances over all servers of compose.yaml, at their port, and listens where compose says', () => {
    const members = [...nginx.matchAll(/^\s*server (\S+?)(?: .*)?;$/gm)].map((match) => match[1]);
    const { PORT } = environmentOfImage();
    assert.deepEqual(
      members,
      servers.map(([name]) => `${name}:${PORT}`),
    );
    const listens = /listen (\d+);/.exec(nginx)?.[1];
    assert.deepEqual(compose.services['balancer']?.ports, [`8080:${listens}`]);
    assert.equal(nginx.split('{').length, nginx.split('}').length);
  });

  test('lets WebSockets through, holds back no stream, and needs no sticky sessions', () => {
    assert.match(nginx, /proxy_http_version 1\.1;/);
    assert.match(nginx, /proxy_set_header Upgrade \$http_upgrade;\s+proxy_set_header Connection \$connection_upgrade;/);
    assert.match(nginx, /proxy_buffering off;/);
    assert.match(nginx, /proxy_next_upstream [^;]*http_503/);
    assert.ok(!/ip_hash|sticky|hash \$/.test(nginx));
    const { heartbeatMs } = readSettings({});
    assert.ok(1000 * Number(/proxy_read_timeout (\d+)s/.exec(nginx)?.[1]) > 2 * heartbeatMs);
  });
});

describe('deploy/make-secrets.sh', () => {
  test('makes strong secrets once, in a folder that only its owner can enter', () => {
    const folder = join(dir.path, 'secrets');
    makeSecrets(folder);
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    const first = ['token-secret', 'postgres-password', 'database-url'].map(read);
    assert.equal(makeSecrets(folder), '');
    assert.deepEqual(['token-secret', 'postgres-password', 'database-url'].map(read), first);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.match(read('token-secret'), /^[\w-]{48}$/);
    assert.notEqual(read('token-secret'), read('postgres-password'));
    const { POSTGRES_USER: user, POSTGRES_DB: database } = compose.services['postgres']?.environment ?? {};
    const url = new URL(read('database-url'));
    assert.deepEqual(
      [url.protocol, url.username, url.password, url.host, url.pathname],
      ['postgres:', user, read('postgres-password'), 'postgres:5432', `/${database}`],
    );
    const made = Object.values(compose.secrets).map(({ file }) => file.replace('./secrets/', ''));
    assert.deepEqual(made.sort(), ['database-url', 'postgres-password', 'token-secret']);
  });
});
