import assert from 'node:assert/strict';
import test from 'node:test';
import { house } from '../../../server/test/house.ts';
import { proxyTo } from '../proxy.ts';
import { newcomer, online, open, reads, textsOf, until } from '../world.ts';

test('promises 2, 3, 4: cut off, three messages are written; back again, they arrive once and in order, and what was missed is there', async t => {
  const { url } = await house(t);
  const proxy = await proxyTo(t, url);
  const ana = await newcomer(t, proxy.url, 'ana');
  const ben = await newcomer(t, url, 'ben');
  const id = await ana.client.beginDirect(ben.id);
  const anas = open(t, ana.client, id);
  const bens = open(t, ben.client, id);
  await anas.stored(anas.send('one'));
  await reads(bens, ['one']);
  await reads(anas, ['one']);

  proxy.cut();
  await until(ana.client.connection, c => c.phase === 'waiting' && c.because.code === 'server.unreachable', 'words');
  for (const text of ['two', 'three', 'four']) anas.send(text);
  const waiting = await until(anas.timeline, v => v.messages.length === 4, 'the unsent ones');
  assert.deepEqual(
    waiting.messages.map(m => (m.kind === 'unsent' && m.status.is === 'queued' ? m.status.because.code : m.kind)),
    ['stored', 'waiting.connection', 'waiting.connection', 'waiting.connection'],
  );
  const missed = bens.send('meanwhile');
  await bens.stored(missed);

  proxy.heal();
  ana.client.retryNow();
  await reads(bens, ['one', 'meanwhile', 'two', 'three', 'four']);
  await reads(anas, ['one', 'meanwhile', 'two', 'three', 'four']);
  await until(ana.client.outbox, unsent => unsent.length === 0, 'an empty outbox');
});

test('a message whose answer was lost is not called failed, and is stored once', async t => {
  const { url } = await house(t);
  const proxy = await proxyTo(t, url);
  const ana = await newcomer(t, proxy.url, 'ana');
  const ben = await newcomer(t, url, 'ben');
  const id = await ana.client.beginDirect(ben.id);
  const anas = open(t, ana.client, id);
  const bens = open(t, ben.client, id);
  await reads(bens, []);
  const sent = anas.send('did it arrive?');
  await until(bens.timeline, v => textsOf(v).length > 0, 'the message'); // with ben; the answer may be anywhere
  proxy.cut();
  proxy.heal();
  const message = await anas.stored(sent).catch(error => error.code === 'message.unknown' || Promise.reject(error));
  assert.ok(message);
  await online(ana.client);
  await reads(anas, ['did it arrive?']);
  await reads(bens, ['did it arrive?']);
});

test('a way that swallows everything is noticed by silence, also where somebody sets the clock back meanwhile, and left', async t => {
  const { url } = await house(t, { heartbeatMs: 200 });
  const proxy = await proxyTo(t, url);
  let setBy = 0;
  const ana = await newcomer(t, proxy.url, 'ana');
  const ben = await newcomer(t, proxy.url, 'ben', { now: () => Date.now() + setBy });
  setBy = -86_400_000;
  proxy.freeze();
  for (const { client } of [ana, ben]) {
    const state = await until(client.connection, c => c.phase === 'waiting', 'the end');
    assert.equal(state.phase === 'waiting' && state.because.code, 'noHeartbeat');
  }
  proxy.heal();
  await Promise.all([online(ana.client), online(ben.client)]);
});

test('where WebSockets are blocked everything goes over server-sent events', async t => {
  const { url } = await house(t);
  const proxy = await proxyTo(t, url);
  proxy.forbidWebSockets(true);
  const ana = await newcomer(t, proxy.url, 'ana', { random: () => 0.1 });
  const ben = await newcomer(t, url, 'ben');
  const state = ana.client.connection.get();
  assert.equal(state.phase === 'online' && state.via, 'sse');

  const id = await ben.client.beginDirect(ana.id);
  await until(ana.client.conversations, rows => rows?.length === 1, 'the conversation');
  const anas = open(t, ana.client, id);
  const bens = open(t, ben.client, id);
  await anas.stored(anas.send('slow but sure'));
  await reads(bens, ['slow but sure']);
  bens.send('heard');
  await reads(anas, ['slow but sure', 'heard']);
});
