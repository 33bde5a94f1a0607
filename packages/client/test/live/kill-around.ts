import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { Command } from '@carpenter/protocol';
import { databaseProxy } from '../../../server/test/database-proxy.ts';
import { migrated } from '../../../server/test/house.ts';
import { account, group } from '../../../server/test/people.ts';
import { gone, kill, run } from './processes.ts';

/** As the node asks the database to keep a message, as the database has answered, and as the sender has heard. */
const moments = ['asked', 'done', 'heard'] as const;

/**
 * A server is killed at each of the moments around a COMMIT, and comes back. What went out and was not acknowledged is sent again, which
 * shows by `duplicate` whether it was there; what was acknowledged is, too; somebody else finds each message once.
 * @param rounds  how often for each moment
 */
export async function killAround(t: TestContext, rounds: number): Promise<void> {
  const proxy = await databaseProxy(t, await migrated(t));
  let server = await run(t, 'server-process.ts', proxy.url);
  const { port } = new URL(server.line);
  const [ana, ben] = [await account(server.line, 'ana'), await account(server.line, 'ben')];
  const room = await group(ana, [ben]);
  let rev = 0;
  for (const moment of Array.from({ length: rounds }, () => moments).flat()) {
    const his = await ben.connect(t);
    const changes = await his.ask({ type: 'sync', conversationId: room, since: rev });
    assert.ok(changes.type === 'changes', changes.type);
    rev = changes.rev;
    const hers = await ana.connect(t);
    const text = randomUUID();
    const send: Command = { type: 'message.send', conversationId: room, clientId: randomUUID(), text };
    if (moment === 'heard') {
      const ack = await hers.ask(send);
      assert.equal(ack.type, 'ack');
      await kill(server.child);
    } else {
      proxy.atCommit(moment, () => server.child.kill('SIGKILL'));
      hers.say(send);
      await gone(server.child);
      await hers.closed();
      assert.ok(
        !hers.heard.some(({ type }) => type === 'ack'),
        'nothing is acknowledged that is not known to be stored',
      );
    }

    server = await run(t, 'server-process.ts', proxy.url, port);
    const again = await (await ana.connect(t)).ask(send);
    assert.ok(again.type === 'ack', again.type);
    assert.equal(again.duplicate === true, moment !== 'asked', `it was there before, killed at "${moment}"`);
    const missed = await (await ben.connect(t)).ask({ type: 'sync', conversationId: room, since: rev });
    assert.ok(missed.type === 'changes', missed.type);
    assert.deepEqual(
      missed.messages.map(message => message.text),
      [text],
    );
    assert.equal(missed.messages[0]?.seq, again.message.seq);
  }
}
