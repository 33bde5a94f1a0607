import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readConfig, variables } from '../src/config.ts';

const root = new URL('../../../', import.meta.url);
const at = (path: string): string => fileURLToPath(new URL(path, root));
const read = (path: string): string => readFileSync(at(path), 'utf8');
const known = new Set(variables.map(({ name }) => name));
/** All first groups. */
const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, group = '']) => group);

/** Instructions of the Dockerfile: comments gone, continued lines joined. */
const instructions = read('deploy/Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter(Boolean);
const given = (name: string): string[] =>
  instructions.filter(line => line.startsWith(`${name} `)).map(line => line.slice(name.length + 1));
const imageEnv = new Map(
  given('ENV').flatMap(line => [...line.matchAll(/(\w+)=(\S+)/g)].map(([, k = '', v = '']) => [k, v])),
);
const compose = read('deploy/compose.yaml');

/** Says which command starts a program of ours, and that the program is there. */
function assertStarts(command: string): void {
  const file = command.split(' ').find(word => word.endsWith('.ts'));
  assert.ok(command.startsWith('node ') && file !== undefined && existsSync(at(file)), command);
}

test('Railway: the file is in the form its parser takes, and names what exists', () => {
  const { build, deploy } = JSON.parse(read('railway.json'));
  assert.equal(build.builder, 'DOCKERFILE');
  assert.ok(existsSync(at(build.dockerfilePath)));
  assert.equal(deploy.healthcheckPath, '/readyz');
  for (const key of ['healthcheckTimeout', 'overlapSeconds', 'drainingSeconds', 'restartPolicyMaxRetries']) {
    assert.equal(typeof deploy[key], 'number', `${key}: numbers in quotes are refused`);
  }
  for (const command of deploy.preDeployCommand) assertStarts(command);
});

test('Railway: the command before a deploy is one that the tool knows', () => {
  const [command = ''] = JSON.parse(read('railway.json')).deploy.preDeployCommand;
  const [program = '', ...args] = command.split(' ').slice(1);
  const { stdout } = spawnSync(process.execPath, [at(program), '--help'], { encoding: 'utf8' });
  assert.match(stdout, new RegExp(`^  ${args.join(' ')}\\b`, 'm'));
});

test('Railway: what its names say is taken over, and closing ends before it kills', () => {
  const { drainingSeconds } = JSON.parse(read('railway.json')).deploy;
  const config = readConfig({
    RAILWAY_PUBLIC_DOMAIN: 'chat.example.org',
    RAILWAY_DEPLOYMENT_DRAINING_SECONDS: String(drainingSeconds),
  });
  assert.equal(config.publicUrl, 'https://chat.example.org');
  assert.ok(config.drainSeconds > 0 && config.drainSeconds + 10 <= drainingSeconds);
});

test('image: whatever is copied into it exists and is not held back by .dockerignore', () => {
  const rules = read('.dockerignore')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'));
  const hits = (rule: string, path: string): boolean => {
    const pattern = rule.replace(/^!/, '').replaceAll('.', '\\.').replaceAll('**/', '(.+/)?').replaceAll('*', '[^/]*');
    return new RegExp(`^${pattern}(/|$)`).test(path);
  };
  const ignored = (path: string): boolean =>
    rules.reduce((before, rule) => (hits(rule, path) ? !rule.startsWith('!') : before), false);
  for (const line of given('COPY').filter(line => !line.startsWith('--from='))) {
    for (const source of line.split(' ').slice(0, -1)) {
      assert.ok(existsSync(at(source)), `${source} does not exist`);
      assert.ok(!ignored(source), `${source} is ignored`);
    }
  }
  for (const secret of [
    'data',
    '.env',
    'deploy/.env',
    '.git',
    'node_modules',
    'packages/web/dist',
    'packages/server/test',
  ]) {
    assert.ok(ignored(secret), `${secret} must stay outside`);
  }
});

test('image: npm ci sees the package.json of every workspace', () => {
  const copied = given('COPY').flatMap(line => line.split(' ').slice(0, -1));
  const manifests = globSync('packages/*/package.json', { cwd: root });
  for (const manifest of manifests) assert.ok(copied.includes(manifest), manifest);
});

test('image: node is started directly, as a user with a name, with settings that the server knows', () => {
  const [command = ''] = given('CMD');
  const words: string[] = JSON.parse(command); // the exec form: no shell between the signal and node
  assertStarts(words.join(' '));
  assert.deepEqual(given('STOPSIGNAL'), ['SIGTERM']);
  assert.match(given('USER').at(-1) ?? '', /^(?!root)[a-z]+$/);
  const { NODE_ENV, ...settings } = Object.fromEntries(imageEnv);
  assert.equal(NODE_ENV, 'production');
  for (const name of Object.keys(settings)) assert.ok(known.has(name), name);
  assert.equal(readConfig(settings).host, '0.0.0.0');
  assert.deepEqual(given('EXPOSE'), [imageEnv.get('PORT')]);
  assert.deepEqual(given('VOLUME'), [imageEnv.get('DATA_DIR')]);
});

test('image: the health check fails where nothing answers', () => {
  const [, command = ''] = /CMD (\[.*\])/.exec(given('HEALTHCHECK')[0] ?? '') ?? [];
  const [, ...args]: string[] = JSON.parse(command);
  const { status } = spawnSync(process.execPath, args, { env: { PORT: '1' } });
  assert.equal(status, 1);
});

test('compose: the server gets settings that it knows, and enough time to end', () => {
  const [service = ''] = /^ {2}server:\n(?: {4}.*\n)+/m.exec(compose) ?? [];
  const settings = [...service.matchAll(/^ {6}([A-Z_]+): (.*)$/gm)].map(([, name = '', value = '']) => [name, value]);
  assert.ok(settings.length >= 4, 'nothing found');
  const example = { POSTGRES_PASSWORD: 'e8a1', JWT_SECRET: 'f'.repeat(64), DOMAIN: 'chat.example.org' };
  const filled = settings.map(([name = '', value = '']) => {
    assert.ok(known.has(name), name);
    return [
      name,
      Object.entries(example).reduce(
        (text, [key, given]) => text.replace(new RegExp(`\\$\\{${key}:[^}]*\\}`), given),
        value,
      ),
    ];
  });
  const config = readConfig(Object.fromEntries(filled));
  assert.equal(config.trustProxy, 1);
  assert.equal(config.publicUrl, 'https://chat.example.org');
  const [grace] = all(service, /stop_grace_period: (\d+)s/g);
  assert.ok(config.drainSeconds + 10 <= Number(grace));
});

test('compose: what must be filled in stands in the example, and is asked for in words', () => {
  const asked = new Set(all(compose, /\$\{(\w+)/g));
  assert.deepEqual(new Set(all(read('deploy/example.env'), /^(\w+)=$/gm)), asked);
  for (const one of all(compose, /\$\{([^}]*)\}/g)) assert.match(one, /^\w+:\?write it into deploy\/\.env/);
  for (const path of all(compose, /- \.\/([\w.]+):/g)) assert.ok(existsSync(at(`deploy/${path}`)), path);
});

test('proxies: they hand on to where the server listens', () => {
  const port = imageEnv.get('PORT');
  assert.match(read('deploy/Caddyfile'), new RegExp(`reverse_proxy server:${port}\\b`));
  assert.match(read('deploy/nginx.conf'), new RegExp(`server 127\\.0\\.0\\.1:${port};`));
});
