import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, defaults, readConfig, variables } from '../src/config.ts';

const mistakesOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.mistakes;
  }
  return [];
};

test('without any variable the safe defaults hold', () => {
  assert.deepEqual(readConfig({}), defaults);
  assert.equal(defaults.host, '127.0.0.1');
  assert.equal(defaults.port, 3000);
  assert.deepEqual(defaults.allowedOrigins, []);
});

test('an empty variable is an unset one', () => {
  assert.deepEqual(readConfig({ PORT: '', DATABASE_URL: ' ', JWT_SECRET: '' }), defaults);
});

test('every mistake is told at once, each by the name of its variable', () => {
  const wrong = {
    PORT: '65536',
    HOST: 'localhost:3000/',
    DATABASE_URL: 'mysql://root@localhost/chat',
    PUBLIC_URL: 'https://example.org/chat',
    ALLOWED_ORIGINS: 'https://example.org, *',
    JWT_SECRET: 'only 31 bytes long, not enough!',
    TRUST_PROXY: 'yes',
    DRAIN_SECONDS: '-1',
    LOG_LEVEL: 'loud',
    MAX_MESSAGE_CHARS: '0',
    RATE_FRAMES_PER_MINUTE: '1e3',
    LINK_PREVIEWS: 'maybe',
    REACHABLE_ADDRESSES: '10.0.0.5:8080, example.org:80',
    SMTP_URL: 'http://ana:hunter2@mail.example.org',
    MAIL_FROM: 'nobody',
  };
  const mistakes = mistakesOf(wrong);
  assert.equal(mistakes.length, Object.keys(wrong).length, mistakes.join('\n'));
  for (const name of Object.keys(wrong))
    assert.ok(
      mistakes.some(m => m.includes(name)),
      name,
    );
});

test('no secret is repeated in what is told', () => {
  const told = mistakesOf({
    DATABASE_URL: 'postgress://ana:hunter2@db/chat',
    JWT_SECRET: 'hunter2',
    SMTP_URL: 'http://ana:hunter2@mail.example.org',
  }).join(' ');
  assert.match(told, /DATABASE_URL.*JWT_SECRET/s);
  assert.doesNotMatch(told, /hunter2/);
});

test('ports from 0 to 65535 are taken, nothing else', () => {
  assert.equal(readConfig({ PORT: '0' }).port, 0);
  assert.equal(readConfig({ PORT: '65535' }).port, 65_535);
  for (const PORT of ['-1', '65536', '80.5', '0x50', 'http', '1 2']) assert.equal(mistakesOf({ PORT }).length, 1, PORT);
});

test('a database by address, by socket folder, and what is none', () => {
  for (const DATABASE_URL of [
    'postgres://ana:pw@db:5432/chat',
    'postgresql://db/chat',
    'postgres://ana@/chat?host=/run/pg',
  ]) {
    assert.equal(readConfig({ DATABASE_URL }).databaseUrl, DATABASE_URL);
  }
  for (const DATABASE_URL of ['db/chat', 'http://db/chat', 'postgres://db:70000/chat']) {
    assert.equal(mistakesOf({ DATABASE_URL }).length, 1, DATABASE_URL);
  }
});

test('origins are kept as browsers write them, the public one first', () => {
  const { publicUrl, allowedOrigins } = readConfig({
    PUBLIC_URL: 'https://Chat.Example.org:443/',
    ALLOWED_ORIGINS: ' http://localhost:5173/ ,, https://chat.example.org',
  });
  assert.equal(publicUrl, 'https://chat.example.org');
  assert.deepEqual(allowedOrigins, ['https://chat.example.org', 'http://localhost:5173']);
});

test('on Railway its domain, its proxy and its time to drain are used, unless said otherwise', () => {
  const railway = { RAILWAY_PUBLIC_DOMAIN: 'chat.up.railway.app', RAILWAY_DEPLOYMENT_DRAINING_SECONDS: '60' };
  const { publicUrl, allowedOrigins, drainSeconds, trustProxy } = readConfig(railway);
  assert.deepEqual(
    [publicUrl, allowedOrigins, drainSeconds, trustProxy],
    ['https://chat.up.railway.app', ['https://chat.up.railway.app'], 50, 1],
  );
  assert.equal(readConfig({ ...railway, DRAIN_SECONDS: '7' }).drainSeconds, 7);
});

test('a frame must hold the longest message', () => {
  assert.match(mistakesOf({ MAX_MESSAGE_CHARS: '20000' }).join(), /MAX_FRAME_BYTES must be at least 81024/);
  assert.equal(readConfig({ MAX_MESSAGE_CHARS: '20000', MAX_FRAME_BYTES: '81024' }).limits.textMaxChars, 20_000);
});

test('an S3 store is there with all of its variables or not at all, and what is missing is named', () => {
  const s3 = {
    S3_ENDPOINT: 'https://s3.example.org',
    S3_BUCKET: 'carpenter',
    S3_REGION: 'us-east-1',
    S3_ACCESS_KEY_ID: 'id',
    S3_SECRET_ACCESS_KEY: 'hunter2',
  };
  assert.equal(readConfig(s3).s3?.endpoint, 'https://s3.example.org');
  assert.equal(readConfig({}).s3, undefined);
  const { S3_REGION: _, ...some } = s3;
  const [told = ''] = mistakesOf(some);
  assert.match(told, /S3_REGION is missing/);
  assert.doesNotMatch(told, /hunter2/);
  assert.equal(mistakesOf({ ...s3, S3_ENDPOINT: 's3.example.org/bucket' }).length, 2);
});

test('each variable has a name of its own and says what it means', () => {
  assert.equal(new Set(variables.map(v => v.name)).size, variables.length);
  for (const { name, means } of variables) assert.ok(/^[A-Z][A-Z0-9_]+$/.test(name) && means.endsWith('.'), name);
});

test('mail needs a server and whom it is from; services inside are named by address and port', () => {
  const SMTP_URL = 'smtps://ana:hunter2@mail.example.org:465';
  const from = 'Chat <chat@example.org>';
  assert.deepEqual(readConfig({ SMTP_URL, MAIL_FROM: from }).mail, { url: SMTP_URL, from });
  assert.match(mistakesOf({ SMTP_URL }).join(), /SMTP_URL needs MAIL_FROM/);
  assert.equal(readConfig({ MAIL_FROM: from }).mail, undefined);
  const inside = readConfig({ REACHABLE_ADDRESSES: '10.0.0.5:8080, [fd00::1]:443' }).reachable;
  assert.deepEqual(inside, ['10.0.0.5:8080', '[fd00::1]:443']);
  for (const wrong of ['10.0.0.5', 'fd00::1:443', '10.0.0.0/8:80', '10.0.0.5:99999', 'localhost:80'])
    assert.equal(mistakesOf({ REACHABLE_ADDRESSES: wrong }).length, 1, wrong);
  assert.equal(readConfig({ LINK_PREVIEWS: 'off' }).linkPreviews, false);
});
