import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createAccount } from '../src/account.ts';
import { createConnection } from '../src/connection.ts';
import { createSession } from '../src/session.ts';
import { snapshotKey } from '../src/snapshot.ts';
import { memoryStorage } from '../src/storage/memory.ts';
import { openStorage } from '../src/storage/storage.ts';
import { openSurroundings } from '../src/surroundings.ts';
import { fromState } from '../src/sync/room.ts';
import { openTabs } from '../src/tabs.ts';
import { openFiles } from '../src/uploads/files.ts';
import { createTus } from '../src/uploads/tus.ts';
import { me, model, other } from './model.ts';

const base = 'http://localhost:9';
const now = () => 0;
const random = () => 0.5;

test('promise 5: what comes in while somebody signs out is not written to the device again', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const server = model();
  server.send(other);
  const device = memoryStorage();
  const slow = Promise.withResolvers<void>();
  const write: typeof device.write = async (key, value) => {
    await slow.promise;
    await device.write(key, value);
  };
  const storage = openStorage({ ...device, write }, base);
  const tabs = openTabs(base);
  const http = { call: () => new Promise<never>(() => {}) };
  const session = createSession({ http, storage, tabs, tokens: 'storage', now });
  const surroundings = openSurroundings();
  const nothing = () => {};
  const account = createAccount({
    me: { id: me, username: 'ana', displayName: 'Ana', createdAt: '', role: 'member', preferences: {} },
    connection: createConnection({ base, session, surroundings, now, random, onReady: nothing, onEvent: nothing }),
    ...{ session, storage, tabs, now, random, tus: createTus(base, session), files: openFiles(base), snapshots: true },
  });
  account.rooms.restore('1', [fromState(server.state())]);
  const closed = account.close();
  account.event(server.send(other)); // an answer that was under way
  slow.resolve();
  await closed;
  assert.equal((await device.list('snapshot/')).length, 1);
  await storage.write(snapshotKey(me), undefined);
  t.mock.timers.tick(3_000);
  for (let n = 0; n < 20; n++) await turn();
  assert.deepEqual(await device.list('snapshot/'), []);
});
