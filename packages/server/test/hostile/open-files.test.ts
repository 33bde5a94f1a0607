import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { migrated } from '../house.ts';
import { account, group, openLine, type Person } from '../people.ts';
import { houseApart } from './apart.ts';
import { untilUses } from './attack.ts';

test('connections never take all open files that the system allows: who is here goes on, others are cut off, the log says so once', {
  skip: process.platform !== 'linux' && 'NOT RUN: only Linux tells how many there may be',
}, async t => {
  const server = await houseApart(t, {}, migrated, 256);
  const { url, uses, alive, faults, warnings } = server;
  const people: Person[] = [];
  for (const name of ['ana', 'ben', 'cem', 'dia']) people.push(await account(url, name));
  const [ana, ben] = people;
  assert.ok(ana && ben);
  const room = await group(ana, [ben]);
  const [hers, his] = [await ana.connect(t), await ben.connect(t)];
  const before = (await uses()).sockets;

  const crowd = Array.from({ length: 400 }, (_, i) => {
    const token = people[i % people.length]?.grant.accessToken;
    return openLine(url, '', { headers: { authorization: `Bearer ${token}` } });
  });
  t.after(() => {
    for (const { ws } of crowd) ws.terminate();
  });
  const ends = await Promise.all(
    crowd.map(({ ws }) =>
      Promise.race([
        once(ws, 'message').then(() => 'here'),
        once(ws, 'close').then(([code]) => `cut off: ${code}`),
        pause(20_000, 'nothing', { ref: false }),
      ]).catch(() => 'cut off: 1006'),
    ),
  );
  assert.ok(ends.includes('here') && ends.includes('cut off: 1006'), [...new Set(ends)].join());
  assert.ok(!ends.includes('nothing'), 'nobody is left without a word or an end');
  const text = 'we go on';
  const sent = await hers.ask({ type: 'message.send', conversationId: room, clientId: randomUUID(), text });
  assert.equal(sent.type, 'ack');
  await his.next('message.created', ({ message }) => message.text === text);
  assert.ok(alive());
  assert.deepEqual(faults, [], 'what it needs itself, it gets');
  assert.equal(warnings.filter(({ msg }) => msg?.includes('ulimit')).length, 1, 'and not for each of them');

  for (const { ws } of crowd) ws.terminate();
  await untilUses(server, ({ sockets }) => sockets <= before + 5, 20_000, 'what those who are gone leave behind');
  for (const person of people) await person.connect(t);
});
