import assert from 'node:assert/strict';
import test from 'node:test';
import { house } from '../../server/test/house.ts';
import { account, group, password } from '../../server/test/people.ts';
import { sent } from '../../server/test/sent.ts';
import { createWire } from '../src/clients/wire.ts';
import { randomOf } from '../src/world/random.ts';
import type { WithoutTime } from '../src/world/types.ts';

const probes = 120;

test('whatever door a stranger tries, it answers as if there was nothing behind it', async t => {
  const { url } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  await account(url, 'cleo');
  const room = await group(ana, [ben], 'theirs');
  await sent(ana, room, 'a secret that was changed');
  const over = new AbortController();
  t.after(() => over.abort(new Error('The test is over.')));
  const answers: string[] = [];
  let [opened, done] = [() => {}, () => {}];
  const [open, all] = [new Promise<void>(go => (opened = go)), new Promise<void>(go => (done = go))];
  const record = {
    now: () => 0,
    async close() {},
    write(entry: WithoutTime) {
      if (entry.f === 'open') opened();
      if (entry.f !== 'ok' && entry.f !== 'fail' && entry.f !== 'info') return;
      answers.push(entry.f === 'ok' ? 'opened' : `${entry.f} ${entry.code}`);
      if (answers.length === probes) done();
    },
  };
  let tries = 0;
  const wire = await createWire({
    p: 'c1',
    url,
    account: { username: 'cleo', password },
    record,
    failed: assert.ifError,
    signal: over.signal,
    random: randomOf(1),
    node: () => 'a',
    nextTry: () => ++tries,
    mayBeIn: () => false,
  });
  await open;
  for (let n = 0; n < probes; n++) wire.probe(room);
  await all;
  assert.deepEqual([...new Set(answers)], ['fail conversation.unknown']);
  await wire.end();
});
