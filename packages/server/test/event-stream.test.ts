import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EventOf, event, type Id } from '@carpenter/protocol';
import pg from 'pg';
import { openStream } from './event-stream.ts';
import { house } from './house.ts';
import { account, group, openLine, type Person } from './people.ts';

/** What an event stream says at its end. */
function lastWords(said: string): EventOf<'closing'> {
  const [, json = ''] = /data: (.*)\n\n$/.exec(said) ?? [];
  const last = event.parse(JSON.parse(json));
  return last.type === 'closing' ? last : assert.fail(json);
}
const bearer = ({ grant }: Person) => ({ headers: { authorization: `Bearer ${grant.accessToken}` } });
const turnedAway = async (person: Person) =>
  lastWords(await (await fetch(`${person.url}/api/v1/events`, bearer(person))).text());

test('promise 6: an event stream ends politely when its token does, and says that one may come back at once', async t => {
  const { url } = await house(t, { accessTokenSeconds: 2 });
  const began = performance.now();
  const stream = await openStream(await account(url, 'ana'));
  const { code, retryAfterMs } = lastWords(await stream.ended());
  assert.deepEqual([code, retryAfterMs], [1001, 0]);
  assert.ok(performance.now() - began < 13_000, 'not with the next sign of life');
});

test('promise 6: what keeps a connection from opening ends it with the same code and words over both doors', async t => {
  const { url, databaseUrl } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  /** What both doors say, without the number of a fault. */
  const endOf = async (person: Person) => {
    const [streamed, line] = [await turnedAway(person), await openLine(url, '', bearer(person)).next('closing')];
    const plain = (closing: EventOf<'closing'>) => ({
      ...closing,
      message: closing.message.replace(/[0-9a-f-]{36}/, '…'),
    });
    assert.deepEqual(plain(streamed), plain(line));
    return plain(line);
  };
  await client.query('ALTER TABLE blocks RENAME TO elsewhere');
  const fault = await endOf(ana);
  assert.equal(fault.code, 1011);
  assert.match(fault.message, /…/, 'the number under which it is in the log');
  await client.query('ALTER TABLE elsewhere RENAME TO blocks');

  assert.equal((await ben.http('GET', '/users/me')).status, 200); // their login is remembered to stand
  await client.query('SET session_replication_role = replica');
  await client.query('DELETE FROM users WHERE id = $1', [ben.id]);
  assert.equal((await endOf(ben)).code, 4401);
  await client.end();
});

test('whoever is sent away from a full node by an event stream was never here', async t => {
  const { url } = await house(t, { connectionsMax: 2 });
  const [ana, ben, cem] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'cem')];
  await group(ana, [ben, cem]);
  const [a, c] = [await ana.connect(t), await cem.connect(t)];
  await a.next('presence', here(cem.id));
  const { code, retryAfterMs } = await turnedAway(ben);
  assert.equal(code, 1013);
  assert.ok(retryAfterMs !== undefined && retryAfterMs > 0);
  c.say({ type: 'presence.set', status: 'dnd' });
  await a.next('presence', here(cem.id)); // told with it, or after it
  await a.ask({ type: 'ping' });
  assert.deepEqual(
    a.heard.filter(e => e.type === 'presence' && e.userId === ben.id),
    [],
  );
});

const here = (id: Id) => (presence: EventOf<'presence'>) => presence.userId === id;
