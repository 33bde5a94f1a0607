import assert from 'node:assert/strict';
import test from 'node:test';
import { house } from '../../../server/test/house.ts';
import { proxyTo } from '../proxy.ts';
import { clientOf, newcomer, online, open, password, reads, until } from '../world.ts';

const dayMs = 86_400_000;
const near = (one: number, other: number) => Math.abs(one - other) < 30_000;

test('promise 3: of two devices whose clocks are a day ahead and a day behind, both go by the server: order, times, what is read, the token, also when a clock is set', async t => {
  const { url } = await house(t, { accessTokenSeconds: 5 });
  const proxy = await proxyTo(t, url);
  let ahead = dayMs;
  const ana = await newcomer(t, proxy.url, 'ana', { now: () => Date.now() + ahead });
  const ben = await newcomer(t, url, 'ben', { now: () => Date.now() - dayMs });
  const sessions = [ana, ben].map(({ client }) => client.session);
  const id = await ana.client.beginDirect(ben.id);
  const [anas, bens] = [open(t, ana.client, id), open(t, ben.client, id)];
  await anas.stored(anas.send('one'));
  await reads(bens, ['one']);
  await bens.stored(bens.send('two'));

  const phone = clientOf(t, { url });
  await phone.login({ username: 'ben', password });
  await until(phone.conversations, rows => rows?.[0]?.unread === 0, 'that whoever answers has read');

  await proxy.passed('POST /api/v1/auth/refresh', 1); // the first token ends
  ahead = -dayMs;
  proxy.cut();
  anas.send('three');
  proxy.heal();
  ana.client.retryNow();
  await until(ana.client.server, s => s !== undefined && near(s.clockOffsetMs, dayMs), 'how wrong it is now');
  await proxy.passed('POST /api/v1/auth/refresh', 1);
  bens.send('four');
  for (const handle of [anas, bens]) await reads(handle, ['one', 'two', 'three', 'four']);
  for (const entry of anas.timeline.get().messages) {
    assert.ok(entry.kind === 'stored');
    const { sentAt = '', createdAt } = entry.message;
    // The clock was set without a connection: what was written then is dated by how wrong it had been.
    const wrongMs = entry.message.text === 'three' ? -2 * dayMs : 0;
    assert.ok(near(Date.parse(sentAt), Date.parse(createdAt) + wrongMs), `${sentAt} was ${createdAt}`);
    assert.ok(near(Date.parse(createdAt), Date.now()));
  }
  assert.equal((await ana.client.sessions()).length, 1);
  assert.deepEqual(
    sessions.map(session => session.get().phase),
    ['signedIn', 'signedIn'],
  );
});

test('a connection that breaks at once does not count as a good one, though somebody sets the clock forward meanwhile', async t => {
  const { url } = await house(t);
  const proxy = await proxyTo(t, url);
  let ahead = 0;
  const { client } = await newcomer(t, proxy.url, 'ana', { now: () => Date.now() + ahead, random: () => 0 });
  proxy.cut();
  await until(client.connection, c => c.phase === 'waiting' && c.attempt === 2, 'the second wait');
  proxy.heal();
  await online(client);
  ahead = dayMs;
  proxy.cut();
  const next = await until(client.connection, c => c.phase === 'waiting', 'the next wait');
  assert.ok(next.phase === 'waiting' && next.attempt > 2, 'waits go on getting longer');
});
