import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { api, type Id, type SearchAnswer, searchAnswer } from '@carpenter/protocol';
import pg from 'pg';
import { asideBegins, findBehind } from '../src/store/aside.ts';
import { picture, uploaded } from './files.ts';
import { house } from './house.ts';
import { account, direct, group, type Person } from './people.ts';
import { sent } from './sent.ts';

const say = async (person: Person, room: Id, text: string): Promise<number> => {
  const { status, body } = await person.http('POST', `/conversations/${room}/messages`, {
    clientId: randomUUID(),
    text,
  });
  assert.equal(status, 201, JSON.stringify(body));
  const { message } = body;
  assert.ok(typeof message === 'object' && message !== null && 'seq' in message && typeof message.seq === 'number');
  return message.seq;
};

const asked = (person: Person, q: string, also = '') => person.http('GET', `/search?q=${encodeURIComponent(q)}${also}`);

async function searched(person: Person, q: string, also = ''): Promise<SearchAnswer> {
  const { status, body } = await asked(person, q, also);
  assert.equal(status, 200, JSON.stringify(body));
  return searchAnswer.parse(body);
}
const found = async (person: Person, q: string, also = ''): Promise<string[]> =>
  (await searched(person, q, also)).hits.map(({ message }) => message.text);

async function workshop(t: TestContext) {
  const { url, databaseUrl } = await house(t);
  const [ana, ben, cem] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'cem')];
  /** Until all of it is in the index. */
  const indexed = async () => {
    const db = new pg.Client({ connectionString: databaseUrl });
    await db.connect();
    while ((await findBehind(db, 'search')).length > 0) await new Promise(resolve => setTimeout(resolve, 10));
    await db.end();
  };
  return { url, indexed, ana, ben, cem, room: await direct(ana, ben) };
}

test('words are found in every script, by parts, without accents and case, and shown where they stand', async t => {
  const { ana, ben, room } = await workshop(t);
  const texts = [
    'All hinges are soft-close, 110°',
    'Die GRÖSSE der Einfachheit',
    'Разболтался шуруп у двери',
    'Το ξύλο είναι στεγνό',
    '東京タワーで会いましょう',
    '我们明天去北京出差',
    'พรุ่งนี้ไปกินข้าวกันไหม',
    '한국어를 배우고 있어요',
    'مَرْحَبًا بكم في الورشة',
    'लकड़ी सूखी है',
    'שלום לכולם',
    'party 🎉 at seven',
  ];
  for (const text of texts) await say(ana, room, text);
  const finds: [string, number][] = [
    ['hinge', 0],
    ['INGES', 0],
    ['soft-close', 0],
    ['größe', 1],
    ['grosse', 1],
    ['fach', 1],
    ['шуруп', 2],
    ['болтал', 2],
    ['ξυλο', 3],
    ['タワー', 4],
    ['京', 4],
    ['会いま', 4],
    ['北京', 5],
    ['明天去', 5],
    ['ข้าว', 6],
    ['국어', 7],
    ['مرحبا', 8],
    ['सूखी', 9],
    ['שלום', 10],
    ['🎉', 11],
  ];
  for (const [q, i] of finds) {
    const hits = (await searched(ben, q)).hits.map(({ message }) => message.text);
    if (q === '京') assert.deepEqual(hits, [texts[5], texts[4]]);
    else assert.deepEqual(hits, [texts[i]], q);
  }
  const marked = async (q: string) => {
    const [hit] = (await searched(ben, q)).hits;
    return hit?.highlights.map(({ from, to }) => hit.message.text.slice(from, to));
  };
  assert.deepEqual(await marked('hinge soft'), ['hinges', 'soft']);
  assert.deepEqual(await marked('größe'), ['GRÖSSE']);
  assert.deepEqual(await marked('会いま'), ['会いま']);
});

test('phrases, words that must not be there, and each filter narrow it down', async t => {
  const { ana, ben, cem, room } = await workshop(t);
  const kitchen = await group(ana, [ben, cem], 'Kitchen Birch Lane');
  await say(ana, room, 'the drawing says left');
  await say(ben, room, 'left is what the drawing says');
  await say(cem, kitchen, 'drawing at https://example.org/plan');
  await say(ben, kitchen, 'run `npm drawing` for @cem');
  assert.deepEqual(await found(ana, '"drawing says"'), ['left is what the drawing says', 'the drawing says left']);
  assert.deepEqual(await found(ana, 'drawing "says left"'), ['the drawing says left']);
  assert.deepEqual(await found(ana, 'drawing -left -npm'), ['drawing at https://example.org/plan']);
  assert.deepEqual(await found(ana, 'drawing from:ben in:@ben'), ['left is what the drawing says']);
  assert.equal((await found(ana, 'drawing in:"kitchen birch lane"')).length, 2);
  assert.equal((await found(ana, '', `&in=${kitchen}&from=me,cem`)).length, 1);
  assert.deepEqual(await found(ana, 'has:link'), ['drawing at https://example.org/plan']);
  assert.deepEqual(await found(ana, 'has:code'), ['run `npm drawing` for @cem']);
  assert.deepEqual(await found(cem, 'mentions:me'), ['run `npm drawing` for @cem']);
  assert.deepEqual(await found(ana, 'mentions:me'), []);
  assert.equal((await found(ana, 'drawing during:today')).length, 4);
  assert.deepEqual(await found(ana, 'drawing before:today'), []);
  assert.deepEqual(await found(ana, 'drawing after:yesterday before:2026'), []);
});

test('files are found by their names, descriptions and kinds, wherever I may read, and nowhere else', async t => {
  const { ana, ben, cem, room, indexed } = await workshop(t);
  const kitchen = await group(ana, [ben, cem], 'Kitchen');
  const text = new TextEncoder().encode('a list');
  const png = await picture(4, 3).png().toBuffer();
  const send = async (where: Id, words: string, ...files: { id: Id }[]) => {
    const draft = { clientId: randomUUID(), text: words, attachments: files.map(({ id }) => id) };
    const { status, body } = await ana.http('POST', `/conversations/${where}/messages`, draft);
    assert.equal(status, 201, JSON.stringify(body));
  };
  const file = (name: string) => uploaded(ana, text, name, 'application/octet-stream');
  const photo = (name: string, alt: string) => uploaded(ana, png, name, 'image/png', { alt });
  await send(kitchen, 'the hinge list', await file('hinge-schedule-b.pdf'), await photo('IMG_1.png', 'the long hinge'));
  await send(room, '', await file('Größenliste.csv'), await file('Hinges, old.pdf'));
  await say(ana, kitchen, 'hinge hinge hinge');
  const began = await ana.http('POST', `/conversations/${kitchen}/messages/2/thread`);
  const thread = api.thread.answers[201].parse(began.body).conversation.id;
  await send(thread, 'in a thread', await file('hinge-cups.txt'));

  const names = async (person: Person, q: string, also = '') =>
    (await searched(person, q, `&find=files${also}`)).hits.flatMap(({ message, files = [] }) =>
      files.map(index => message.attachments?.[index]?.name),
    );
  const all = ['hinge-cups.txt', 'Größenliste.csv', 'Hinges, old.pdf', 'hinge-schedule-b.pdf', 'IMG_1.png'];
  for (const waiting of [true, false]) {
    assert.deepEqual(await names(ben, ''), all);
    assert.deepEqual(
      await names(ben, 'hinge'),
      all.filter(name => name !== 'Größenliste.csv'),
    );
    assert.deepEqual(await names(cem, 'hinge'), ['hinge-cups.txt', 'hinge-schedule-b.pdf', 'IMG_1.png']);
    assert.deepEqual(await names(ben, 'grosse liste'), ['Größenliste.csv']);
    assert.deepEqual(await names(ben, 'hinge pdf'), ['Hinges, old.pdf', 'hinge-schedule-b.pdf']);
    assert.deepEqual(await names(ben, 'image'), ['IMG_1.png']);
    assert.deepEqual(await names(ben, '-pdf'), ['hinge-cups.txt']);
    assert.deepEqual(await names(ben, 'schedule has:image in:Kitchen'), ['IMG_1.png']);
    assert.deepEqual(await names(ben, 'has:file in:Kitchen'), ['hinge-cups.txt', 'hinge-schedule-b.pdf', 'IMG_1.png']);
    assert.deepEqual(await names(ben, 'scheduel'), ['hinge-schedule-b.pdf']);
    const [hit] = (await searched(ben, 'hinge schedule', '&find=files')).hits;
    assert.deepEqual(hit?.highlights, [
      { in: 'name', index: 0, from: 0, to: 5 },
      { in: 'name', index: 0, from: 6, to: 14 },
      { in: 'alt', index: 1, from: 9, to: 14 },
    ]);
    const pages: unknown[] = [];
    let next = '';
    do {
      const page = await searched(ben, 'hinge', `&find=files&limit=1${next}`);
      pages.push(...page.hits.map(({ message }) => message.conversationId));
      next = page.next === undefined ? '' : `&cursor=${page.next}`;
    } while (next !== '');
    assert.deepEqual(pages, [thread, room, kitchen]);
    if (waiting) await indexed();
  }
  await cem.http('POST', `/conversations/${kitchen}/leave`);
  assert.deepEqual(await names(cem, 'hinge'), []);
  assert.deepEqual(await names(ben, 'has:link'), []);
});

test('a typing error is forgiven where nothing is written so, and what was taken for it is told', async t => {
  const { ana, room } = await workshop(t);
  await say(ana, room, 'the hinge of the wardrobe');
  for (const typo of ['hnige', 'hinje', 'hige', 'hingee']) {
    const { hits, corrected } = await searched(ana, typo);
    assert.deepEqual([hits.length, corrected], [1, [{ word: typo, to: ['hinge'] }]], typo);
    assert.deepEqual(hits[0]?.highlights, [{ in: 'text', from: 4, to: 9 }]);
  }
  assert.deepEqual((await searched(ana, 'hniges')).hits, []);
  assert.equal((await searched(ana, 'hing')).corrected, undefined);
});

test('what would find everything, is too long, or asks for what there is not, is refused in words', async t => {
  const { ana, ben, cem } = await workshop(t);
  const secret = await group(ben, [cem], 'secret plans');
  const refusals: [string, string][] = [
    ['', 'search.too_wide'],
    ['!!! ***', 'search.too_wide'],
    ['-everything', 'search.too_wide'],
    ['after:2000', 'search.too_wide'],
    ['x'.repeat(10_000), 'search.too_long'],
    ['a '.repeat(21), 'search.too_long'],
    ['has:banana', 'search.filter_unknown'],
    ['from:nobody', 'search.filter_unknown'],
    ['in:"secret plans"', 'search.filter_unknown'],
    [`in:${secret}`, 'search.filter_unknown'],
    ['before:someday x', 'search.filter_unknown'],
  ];
  for (const [q, code] of refusals) {
    const { status, body } = await asked(ana, q);
    assert.deepEqual([status, body.code], [422, code], q.slice(0, 40));
  }
  for (const q of ["it's", ':*', '((', "' | 'x", '\\', 'a & !b', 'x\0y', '\ud800z'.replace('\ud800', '%ED%A0%80')]) {
    const { status } = await asked(ana, `${q} word`);
    assert.equal(status, 200, q);
  }
  assert.equal((await asked(ana, 'x', '&cursor=abc')).body.code, 'cursor.invalid');
  assert.equal((await asked(ana, 'x', '&zone=Moon')).body.code, 'input.invalid');
});

test('promise 5: nobody finds anything where they are not, not even a moment after they went', async t => {
  const { ana, ben, cem } = await workshop(t);
  const room = await group(ana, [ben], 'plans');
  await say(ana, room, 'between us: walnut');
  assert.deepEqual(await found(ben, 'walnut'), ['between us: walnut']);
  assert.deepEqual(await found(cem, 'walnut'), []);
  assert.deepEqual((await searched(cem, 'walnuts')).corrected, undefined);
  assert.equal((await ben.http('POST', `/conversations/${room}/leave`)).status, 204);
  assert.deepEqual(await found(ben, 'walnut'), []);
});

test('an edit and a deletion count at once, and pages join without a gap or a repeat', async t => {
  const { ana, room } = await workshop(t);
  for (let i = 1; i <= 12; i++) await say(ana, room, `plank number ${i}`);
  await ana.http('PATCH', `/conversations/${room}/messages/3`, { text: 'beam number 3' });
  await ana.http('DELETE', `/conversations/${room}/messages/5`);
  assert.deepEqual(await found(ana, 'beam'), ['beam number 3']);
  for (const sort of ['newest', 'best']) {
    const all: string[] = [];
    let cursor = '';
    do {
      const page: SearchAnswer = await searched(ana, 'plank', `&sort=${sort}&limit=3${cursor}`);
      all.push(...page.hits.map(({ message }) => message.text));
      cursor = page.next ? `&cursor=${page.next}` : '';
    } while (cursor !== '');
    assert.deepEqual(
      all,
      [12, 11, 10, 9, 8, 7, 6, 4, 2, 1].map(i => `plank number ${i}`),
    );
  }
});

test('by relevance whole words come before beginnings, and those before parts', async t => {
  const { ana, room } = await workshop(t);
  for (const text of ['oak', 'oaken table', 'a soaked board']) await say(ana, room, text);
  assert.deepEqual(await found(ana, 'oak'), ['a soaked board', 'oaken table', 'oak']);
  assert.deepEqual(await found(ana, 'oak', '&sort=best'), ['oak', 'oaken table', 'a soaked board']);
});

test('a search of many signs is refused before it holds up everybody else', async t => {
  const { url } = await house(t);
  const ana = await account(url, 'ana');
  const signs = await ana.http('GET', `/search?q=${encodeURIComponent('中'.repeat(65))}`);
  assert.deepEqual([signs.status, signs.body.code], [422, 'search.too_long']);
  assert.equal((await ana.http('GET', `/search?q=${encodeURIComponent('中'.repeat(64))}`)).status, 200);
});

test('with a deleted conversation the words go that nobody else said, also those that were just being indexed', async t => {
  const { url, databaseUrl } = await house(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const [room, kept] = [await group(ana, [ben]), await direct(ana, ben)];
  await say(ana, room, 'zanzibar hinge');
  await say(ana, kept, 'hinge');
  const open = async () => {
    const client = new pg.Client({ connectionString: databaseUrl });
    client.on('error', () => {}); // the database is dropped under it where the test fails
    await client.connect();
    return client;
  };
  const [db, late] = [await open(), await open()];
  while ((await findBehind(db, 'search')).length > 0) await new Promise(resolve => setTimeout(resolve, 10));
  const among = async () =>
    (await db.query(`SELECT word FROM search_words WHERE word IN ('zanzibar', 'hinge', 'tardy') ORDER BY word`)).rows;
  assert.deepEqual(await among(), [{ word: 'hinge' }, { word: 'zanzibar' }]);

  // read before it was deleted, and written when all seems swept
  await late.query(asideBegins);
  assert.equal((await ana.http('DELETE', `/conversations/${room}`)).status, 204);
  const swept = async (question: string) => {
    const end = performance.now() + 20_000;
    while ((await db.query(question)).rowCount === 0) assert.ok(performance.now() < end, question);
  };
  await swept(`SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE l.locktype = 'advisory' AND NOT l.granted AND d.datname = current_database()`);
  await late.query(
    `INSERT INTO message_search (conversation_id, seq, root_id, sender_id, created_at, words)
     VALUES ($1, 99, $1, $2, now(), '''tardy'':1')`,
    [room, ana.id],
  );
  await late.query(`INSERT INTO search_words (word, grams) VALUES ('tardy', '{}')`);
  await late.query(`INSERT INTO asides (name, conversation_id, rev, seen_seq) VALUES ('search', $1, 1, 1)`, [room]);
  await late.query('COMMIT');
  await swept(`SELECT WHERE NOT EXISTS (SELECT FROM conversations WHERE id = '${room}')`);
  assert.deepEqual(await among(), [{ word: 'hinge' }]);
  for (const table of ['message_search', 'asides']) {
    const { rowCount } = await db.query(`SELECT FROM ${table} WHERE conversation_id = $1`, [room]);
    assert.equal(rowCount, 0, table);
  }
  await Promise.all([db.end(), late.end()]);
});

test('a chain of emoji without end is found by itself, and holds up the index for nobody', async t => {
  const { ana, ben, cem, room, indexed } = await workshop(t);
  const chain = `\u{1F600}${'\u200D\u{1F600}'.repeat(400)}`;
  for (let i = 0; i < 3; i++) await say(ana, room, `${chain} ${i}`);
  const other = await direct(ben, cem);
  await say(ben, other, 'after them all');
  await indexed();
  assert.deepEqual(await found(cem, 'them'), ['after them all']);
  assert.equal((await found(ben, chain.slice(0, 480))).length, 3);
  assert.equal((await searched(ben, chain.slice(0, 480))).filling, undefined);
});

test('a guest who finds what was forwarded is told nothing of somebody whom they do not see', async t => {
  const { url, ana, cem } = await workshop(t);
  const visitors = await group(ana, []);
  const { body } = await ana.http('POST', '/invites', { conversationIds: [visitors], role: 'guest' });
  assert.ok(typeof body.code === 'string');
  const gus = await account(url, 'gus', body.code);
  const hidden = await direct(ana, cem);
  const seq = await say(cem, hidden, 'a zebra');
  await sent(ana, visitors, '', { forward: { conversationId: hidden, seq } });
  const names = async (person: Person) => (await searched(person, 'zebra')).users.map(user => user.username).sort();
  assert.deepEqual(await names(gus), ['ana']);
  assert.deepEqual(await names(ana), ['ana', 'cem']);
});

test('a search that nobody could have meant is refused in words, and is no fault', async t => {
  const { ana } = await workshop(t);
  const nobody = await ana.http('GET', '/search?q=x&from=%00');
  assert.deepEqual([nobody.status, nobody.body.code], [422, 'search.filter_unknown']);
  const found = { s: 'newest', p: 0, a: new Date().toISOString(), c: ana.id, n: 1, t: Date.now() };
  const page = async (changes: object) => {
    const cursor = Buffer.from(JSON.stringify({ ...found, ...changes })).toString('base64url');
    const { status, body } = await ana.http(
      'GET',
      `/search?q=x&sort=${'s' in changes ? 'best' : 'newest'}&cursor=${cursor}`,
    );
    return body.code ?? status;
  };
  for (const changes of [{ p: 2 ** 31 }, { p: -9e15 }, { t: 9e15 }, { t: -9e15 }, { t: -1 }]) {
    assert.equal(await page(changes), 'cursor.invalid', JSON.stringify(changes));
    assert.equal(await page({ ...changes, s: 'best' }), 'cursor.invalid', JSON.stringify(changes));
  }
  for (const changes of [{}, { t: 8.64e15 }, { t: 0 }, { n: 9e15 }, { n: -9e15 }, { a: '0001-01-01T00:00:00.000Z' }]) {
    assert.equal(await page(changes), 200, JSON.stringify(changes));
    assert.equal(await page({ ...changes, s: 'best', e: 1 }), 200, JSON.stringify(changes));
  }
});
