import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api } from '@carpenter/protocol';
import { onCluster } from './cluster.ts';
import { house } from './house.ts';
import { account, direct, type Person } from './people.ts';
import { sent } from './sent.ts';

/** The longest text there is, of characters that travel as six each. */
const longest = (n: number) => `${n} `.padEnd(8_000, '\u0001');
const answerMaxBytes = 300_000;

/** All pages of a list, the first one first. */
async function pagesOf<T extends { next?: string | undefined }>(
  person: Person,
  path: string,
  parse: (body: unknown) => T,
): Promise<T[]> {
  const pages: T[] = [];
  for (let next: string | undefined = ''; next !== undefined && pages.length < 200; next = pages.at(-1)?.next) {
    const { status, body } = await person.http('GET', `${path}?limit=100${next && `&cursor=${next}`}`);
    assert.equal(status, 200, JSON.stringify(body).slice(0, 200));
    const bytes = Buffer.byteLength(JSON.stringify(body));
    assert.ok(bytes < answerMaxBytes, `an answer of ${bytes} bytes`);
    pages.push(parse(body));
  }
  return pages;
}

test('a hundred of the longest messages pinned come in small answers, each of them once, latest pin first', async t => {
  const { url, databaseUrl } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  await Promise.all(Array.from({ length: 100 }, (_, n) => sent(ana, room, longest(n))));
  // by twos at the same moment
  await onCluster(
    databaseUrl,
    `UPDATE messages SET pinned_by = '${ana.id}', pinned_at = timestamptz '2026-01-01' + seq / 2 * interval '1 s'
      WHERE conversation_id = '${room}'`,
  );
  const pages = await pagesOf(ben, `/conversations/${room}/pins`, body => api.pins.answers[200].parse(body));
  assert.deepEqual(
    pages.flatMap(({ messages }) => messages.map(({ seq }) => seq)),
    Array.from({ length: 100 }, (_, n) => 100 - n),
  );
  assert.equal((await ben.http('GET', `/conversations/${room}/pins?cursor=nonsense`)).body.code, 'cursor.invalid');
  const one = await sent(ana, room, 'one too many');
  const refused = await ana.http('PUT', `/conversations/${room}/messages/${one.seq}/pin`);
  assert.equal(refused.body.code, 'pin.too_many');

  const { body } = await ben.http('GET', `/conversations/${room}/messages?limit=200`);
  assert.ok(Buffer.byteLength(JSON.stringify(body)) < answerMaxBytes, 'history is no larger');
});

test('a hundred of the longest versions of a message come in small answers, each of them once', async t => {
  const { url, databaseUrl } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await direct(ana, ben);
  const { seq } = await sent(ana, room, 'the end');
  await onCluster(
    databaseUrl,
    `INSERT INTO message_edits SELECT '${room}', ${seq}, n, rpad(n || ' ', 8000, chr(1)), timestamptz '2026-01-01' + n * interval '1 s'
       FROM generate_series(1, 100) n`,
  );
  const path = `/conversations/${room}/messages/${seq}/history`;
  const pages = await pagesOf(ben, path, body => api.editHistory.answers[200].parse(body));
  const versions = pages.toReversed().flatMap(page => page.versions);
  assert.deepEqual(
    versions.map(({ text }) => text),
    Array.from({ length: 100 }, (_, n) => longest(n + 1)),
  );
  assert.equal((await ben.http('GET', `${path}?cursor=nonsense`)).body.code, 'cursor.invalid');
});
