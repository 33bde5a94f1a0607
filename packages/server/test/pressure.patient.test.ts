import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';
import { retryAfterOf } from '@carpenter/protocol';
import { onCluster } from './cluster.ts';
import { house } from './house.ts';
import { account, direct, openLine, type Person } from './people.ts';

const bearer = (person: Person) => ({ headers: { authorization: `Bearer ${person.grant.accessToken}` } });
/** Nothing else happens meanwhile: no pong is read, no timer fires. */
function standStill(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

test('promise 6: after three seconds of standing still nobody who was there is ended, and who comes hears when to come back', async t => {
  const { url } = await house(t, { heartbeatMs: 1_000 });
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const lines = await Promise.all(Array.from({ length: 5 }, () => ben.connect(t)));
  const [hers, theirs] = [await ana.connect(t), lines[0] ?? assert.fail()];
  // It has answered neither of two pings when the server stops to look; its answer is there before it looks again.
  const slow = openLine(url, '', { ...bearer(ben), autoPong: false });
  await slow.next('ready');
  for (let pings = 0; pings < 2; pings++) await new Promise(resolve => slow.ws.once('ping', resolve));
  slow.ws.pong();
  standStill(3_100);

  const { code, reason } = await openLine(url, '', bearer(ana)).closed();
  assert.equal(code, 1013, reason);
  assert.match(reason, /^The server is busy\./);
  const wait = retryAfterOf(reason) ?? 0;
  assert.ok(wait >= 2_000 && wait <= 10_000, reason);
  const events = await fetch(`${url}/api/v1/events`, bearer(ana));
  assert.match(await events.text(), /"type":"closing","code":1013,.*"retryAfterMs":\d/);

  hers.say({ type: 'typing', conversationId: room, active: true }); // left out
  const send = async (text: string) =>
    (await hers.ask({ type: 'message.send', conversationId: room, clientId: randomUUID(), text })).type;
  assert.equal(await send('messages go on'), 'ack');
  await theirs.next('message.created');
  assert.ok(theirs.heard.every(e => e.type !== 'typing'));

  for (let first = ''; first !== 'ready'; ) {
    const again = openLine(url, '', bearer(ana));
    await once(again.ws, 'message');
    first = again.heard[0]?.type ?? '';
    again.close();
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  hers.say({ type: 'typing', conversationId: room, active: true });
  await theirs.next('typing');
  for (const line of [hers, slow, ...lines]) assert.equal(line.ws.readyState, line.ws.OPEN);
  slow.close();
});

test('promise 6: a fault while somebody comes in ends in 1011 with the number under which it is logged', async t => {
  const { url, databaseUrl } = await house(t);
  const ana = await account(url, 'ana');
  await onCluster(databaseUrl, 'ALTER TABLE blocks RENAME TO blocks_elsewhere');
  const line = openLine(url, '', bearer(ana));
  const closing = await line.next('closing');
  const { code, reason } = await line.closed();
  assert.deepEqual([closing.code, code], [1011, 1011]);
  assert.match(reason, /^Something went wrong on the server\. It is logged as [\da-f-]{36}\./);
  await onCluster(databaseUrl, 'ALTER TABLE blocks_elsewhere RENAME TO blocks');
  await ana.connect(t);
});
