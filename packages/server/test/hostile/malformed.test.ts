import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, apiPrefix, type Route } from '@carpenter/protocol';
import { ask } from '../ask.ts';
import { scene, spoilCommands, spoilRoutes, told } from './malformed.ts';
import { given } from './schemas.ts';

test('promise 6: every field of every command, spoilt in every way, gets an error with a code and words, and the connection lives', async t => {
  const refused = await spoilCommands(t, 6);
  assert.ok(refused > 200, `${refused} were refused`);
});

test('promise 6: every field of every route, spoilt in every way, is refused in words or taken, and never a fault of ours', async t => {
  const refused = await spoilRoutes(t, 10);
  assert.ok(refused > 500, `${refused} were refused`);
});

const oddities: Readonly<Record<string, (inside: string) => string>> = {
  null: () => 'null',
  'an array': inside => `[${inside}]`,
  'a number beyond all': () => '{"type":1e999}',
  'a number of 100,000 digits': () => `{"type":${'9'.repeat(60_000)}}`,
  'a byte order mark': inside => `\ufeff${inside}`,
  'depth 15,000': () => `{"type":${'['.repeat(15_000)}${']'.repeat(15_000)}}`,
  'depth 15,000 of objects in a field that nobody knows': inside =>
    inside.replace('{', `{"unknown":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)},`),
  'an open depth of 30,000': () => '['.repeat(30_000),
  'the same key twice': inside => inside.replace('{', '{"type":"ping","type":null,'),
  __proto__: inside => inside.replace('{', '{"__proto__":{"type":"ping","admin":true},"constructor":{"prototype":{}},'),
  '30,000 elements': () => `{"type":[${'0,'.repeat(30_000)}0]}`,
  '10,000 unknown fields': inside =>
    inside.replace('{', `{${Array.from({ length: 6_000 }, (_, i) => `"k${i}":1`).join(',')},`),
  'half a character': () => '{"type":"\\ud800"}',
  NUL: () => '{"type":"\\u0000"}',
  'NUL as it is': () => '{"type":"\0"}',
  'a comma too many': inside => inside.replace('}', ',}'),
  NaN: () => '{"type":NaN}',
  'two values': inside => inside + inside,
  'white space': () => ' \n\t ',
};

test('promise 6: whatever JSON can be made into, both doors answer it in words, and nothing sticks to an object', async t => {
  const { url, eve } = await scene(t);
  const token = eve.grant.accessToken;
  for (const [what, make] of Object.entries(oddities)) {
    const line = await eve.connect(t);
    line.ws.send(make('{"type":"ping","ref":"odd"}'));
    assert.equal((await line.ask({ type: 'ping' })).type, 'pong', what);
    const [, answer] = line.heard;
    assert.ok(answer?.type === 'error' ? /^(frame|input)\./.test(answer.code) : answer?.type === 'pong', what);
    line.close();
    for (const { method, path, ...route } of Object.values<Route>(api)) {
      if (!route.body || Object.keys(given(route.body)).length < 2) continue;
      const where = apiPrefix + path.replace(/:(\w+)/g, (_, name: string) => (name === 'seq' ? '1' : eve.id));
      const { status, text } = await ask(url, where, { method, token, body: make('{}') });
      if (status >= 300) told(status, JSON.parse(text), `${what}: ${path}`);
    }
    assert.equal(Reflect.get({}, 'admin'), undefined, what);
  }
});
