import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { type Id, type SearchAnswer, searchAnswer } from '@carpenter/protocol';
import fc from 'fast-check';
import pg from 'pg';
import { findBehind } from '../src/store/aside.ts';
import { house } from './house.ts';
import { account, group, type Person } from './people.ts';

// A small world in which everything meets: few words that hold each other, few rooms, people who come and go.
const vocabulary = ['oak', 'oaken', 'soaked', 'planks', 'plan', 'Größe', '東京', '東京都庁', 'fix', 'ß'] as const;
const text = fc.array(fc.constantFrom(...vocabulary), { minLength: 2, maxLength: 6 }).map(words => words.join(' '));
const who = fc.integer({ min: 0, max: 2 });
const another = fc.integer({ min: 1, max: 2 });
const room = fc.integer({ min: 0, max: 1 });
/** `freq` counts how often it is there for each time that it is not. */
const rarely = { freq: 1, nil: undefined };
const question = fc.record({
  who,
  words: fc.array(
    fc.constantFrom('oak', 'OAK', 'plan', 'an', 'grosse', 'ss', '京', '東京', '京都', 'nks', 'lan', 'soaked', 'röß'),
    { minLength: 1, maxLength: 2 },
  ),
  phrase: fc.option(fc.constantFrom('oak plan', 'fix oak', 'größe fix', 'plan 東京'), rarely),
  not: fc.option(fc.constantFrom('fix', 'oak', 'planks'), rarely),
  from: fc.option(who, rarely),
  in: fc.option(room, rarely),
  limit: fc.integer({ min: 1, max: 4 }),
  /** Once all of it is in the index, or at once. */
  settled: fc.boolean(),
});
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('say' as const), who, room, text }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit' as const), at: fc.nat(30), text }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), at: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), who: another, room }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('come back' as const), who: another, room }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('ask' as const), question }) },
);

type Of<A> = A extends fc.Arbitrary<infer T> ? T : never;
interface Said {
  readonly id: string;
  readonly room: number;
  readonly seq: number;
  readonly by: number;
  readonly at: string;
  text: string | undefined;
}

// The model knows no index, no lexemes and no pages: it looks at texts as strings.
const plain = (word: string) => word.toLowerCase().replace('ß', 'ss').replace('ö', 'o');
const isSpaceless = (word: string) => /\p{sc=Han}/u.test(word);
const holds = (said: string, asked: string) =>
  said.split(' ').some(word => {
    const partly = isSpaceless(asked) || plain(asked).length >= 3;
    return partly ? plain(word).includes(plain(asked)) : plain(word) === plain(asked);
  });
const holdsPhrase = (said: string, phrase: string) =>
  isSpaceless(phrase) ? `${plain(said)} `.includes(plain(phrase)) : ` ${plain(said)} `.includes(` ${plain(phrase)} `);
/** That word, or one that begins so. */
const excludes = (said: string, not: string) => said.split(' ').some(word => plain(word).startsWith(not));

test('over random histories a search finds what a simple model finds, in order, page by page, indexed or not', async t => {
  const { url, databaseUrl } = await house(t);
  const db = new pg.Pool({ connectionString: databaseUrl });
  db.on('error', () => {}); // the house takes its database down first
  t.after(() => db.end());
  const people = await Promise.all(['ana', 'ben', 'cem'].map(name => account(url, name)));
  const [ana] = people;
  assert.ok(ana);
  const call = async (person: Person | undefined, method: string, path: string, body?: unknown) => {
    assert.ok(person);
    const answer = await person.http(method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const settled = async () => {
    while ((await findBehind(db, 'search')).length > 0) await new Promise(resolve => setTimeout(resolve, 10));
  };
  let compared = 0;

  const history = fc.array(step, { minLength: 10, maxLength: 40 });
  const asked = fc.asyncProperty(history, async steps => {
    // messages of former runs stay where they are; a word of letters is one word, and one without vowels holds none that is asked for
    const mark = randomUUID()
      .slice(0, 8)
      .replace(/[0-9a-f]/g, digit => 'bcdfghjkmqtvwxyz'.charAt(Number.parseInt(digit, 16)));
    const rooms: Id[] = [];
    for (const name of ['first', 'second']) rooms.push(await group(ana, people.slice(1), `${name} ${mark}`));
    const inside = rooms.map(() => new Set([0, 1, 2]));
    const all: Said[] = [];

    const change = async (one: Exclude<Of<typeof step>, { do: 'ask' }>) => {
      if (one.do === 'say' && inside[one.room]?.has(one.who)) {
        const draft = { clientId: randomUUID(), text: `${one.text} ${mark}` };
        const body = await call(people[one.who], 'POST', `/conversations/${rooms[one.room]}/messages`, draft);
        const message = searchAnswer.shape.hits.element.shape.message.parse(body.message);
        const { id, seq, createdAt: at } = message;
        all.push({ id, room: one.room, seq, by: one.who, at, text: one.text });
      }
      if (one.do === 'edit' || one.do === 'delete') {
        const said = all[one.at % Math.max(1, all.length)];
        if (!said || said.text === undefined || !inside[said.room]?.has(said.by)) return;
        const path = `/conversations/${rooms[said.room]}/messages/${said.seq}`;
        if (one.do === 'edit') await call(people[said.by], 'PATCH', path, { text: `${one.text} ${mark}` });
        else await call(people[said.by], 'DELETE', path);
        said.text = one.do === 'edit' ? one.text : undefined;
      }
      if (one.do === 'leave' && inside[one.room]?.delete(one.who))
        await call(people[one.who], 'POST', `/conversations/${rooms[one.room]}/leave`);
      if (one.do === 'come back' && !inside[one.room]?.has(one.who)) {
        const userIds = [people[one.who]?.id];
        await call(ana, 'POST', `/conversations/${rooms[one.room]}/members`, { userIds });
        inside[one.room]?.add(one.who);
      }
    };

    const ask = async (q: Of<typeof question>) => {
      if (q.in !== undefined && !inside[q.in]?.has(q.who)) return;
      if (q.settled) await settled();
      const expected = all
        .filter(({ text: said, room: where, by }) => {
          if (said === undefined || !inside[where]?.has(q.who)) return false;
          if (q.in !== undefined && where !== q.in) return false;
          if (q.from !== undefined && by !== q.from) return false;
          if (q.phrase !== undefined && !holdsPhrase(said, q.phrase)) return false;
          if (q.not !== undefined && excludes(said, q.not)) return false;
          return q.words.every(word => holds(said, word));
        })
        .sort((a, b) => (a.at === b.at ? order(b, a, rooms) : a.at < b.at ? 1 : -1))
        .map(said => said.id);
      const typed = [
        ...q.words,
        mark,
        ...(q.phrase === undefined ? [] : [`"${q.phrase}"`]),
        ...(q.not === undefined ? [] : [`-${q.not}`]),
        ...(q.from === undefined ? [] : [`from:${people[q.from]?.username}`]),
        ...(q.in === undefined ? [] : [`in:${rooms[q.in]}`]),
      ].join(' ');
      const found: string[] = [];
      let cursor = '';
      do {
        const path = `/search?q=${encodeURIComponent(typed)}&limit=${q.limit}${cursor}`;
        const page: SearchAnswer = searchAnswer.parse(await call(people[q.who], 'GET', path));
        if (!page.corrected) found.push(...page.hits.map(({ message }) => message.id)); // the model knows no typing errors
        cursor = page.next === undefined || page.corrected ? '' : `&cursor=${page.next}`;
      } while (cursor !== '');
      assert.deepEqual(found, expected, typed);
      compared += found.length;
    };

    for (const one of steps) await (one.do === 'ask' ? ask(one.question) : change(one));
  });
  // Most histories have little to find; a run that found next to nothing would prove nothing.
  for (let round = 1; compared <= 100; round++) {
    assert.ok(round <= 10, `only ${compared} messages were to be found`);
    await fc.assert(asked, { numRuns: 25, endOnFailure: true });
  }
});

/** Of the same millisecond: by conversation, then by number. */
function order(a: Said, b: Said, rooms: readonly Id[]): number {
  const [roomA = '', roomB = ''] = [rooms[a.room], rooms[b.room]];
  return roomA === roomB ? a.seq - b.seq : roomA < roomB ? -1 : 1;
}
