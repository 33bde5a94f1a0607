import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { house } from '../../server/test/house.ts';
import { account, password } from '../../server/test/people.ts';
import { tokenExpiry } from '../src/faults/token-expiry.ts';
import { makeNode } from '../src/world/node.ts';
import { randomOf } from '../src/world/random.ts';

test('what is not running cannot be broken, and says so', async () => {
  const node = await makeNode('node1', {}, join(tmpdir(), 'never-written.log'));
  await assert.rejects(node.kill(), /^Error: node1 is not running/);
  await assert.rejects(node.drain(), /^Error: node1 is not running/);
  assert.throws(() => node.freeze(), /^Error: node1 is not running/);
  await assert.rejects(node.setClock(1_000), /^Error: node1 is not running/);
  await node.stop();
});

test('a logout from elsewhere that ended no session did not happen', async t => {
  const { url } = await house(t);
  const { grant } = await account(url, 'ana');
  const logOut = (username: string) => {
    const accounts = [{ username, password }];
    const world = { accounts, ways: [], urls: new Map([['node', url]]), close: async () => {} };
    return tokenExpiry.plan(world, randomOf(1), 0).on();
  };
  await logOut('ana');
  const headers = { authorization: `Bearer ${grant.accessToken}` };
  const answer = await fetch(`${url}/api/v1/auth/sessions`, { headers });
  await answer.body?.cancel();
  assert.equal(answer.status, 401);
  await assert.rejects(async () => logOut('ana'), /Nobody was logged out/, 'no session is left');
  await assert.rejects(async () => logOut('nobody'), {
    message: 'Nobody was logged out.',
    cause: new Error('POST /auth/login: Username and password do not match.'), // there is no such account
  });
});

test('a node that dies at its start is not waited for', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'verify-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const dies = { NODE_OPTIONS: '--import=data:text/javascript,process.kill(process.pid,9)' };
  const node = await makeNode('node1', dies, join(folder, 'node.log'));
  await assert.rejects(node.start(), /^Error: node1 ended at its start/);
});
