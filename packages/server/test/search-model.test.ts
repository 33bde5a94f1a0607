import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { type Id, type SearchAnswer, searchAnswer } from '@carpenter/protocol';
import fc from 'fast-check';
import { house } from './house.ts';
import { account, group, type Person } from './people.ts';

// A small world in which everything meets: few words that hold each other, few rooms, people who come and go.
const vocabulary = ['oak', 'oaken', 'soaked', 'planks', 'plan', 'Größe', '東京', '東京都庁', 'fix', 'ß'] as const;
const text = fc.array(fc.constantFrom(...vocabulary), { minLength: 1, maxLength: 5 }).map(words => words.join(' '));
const who = fc.integer({ min: 0, max: 2 });
const room = fc.integer({ min: 0, max: 1 });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('say' as const), who, room, text }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit' as const), at: fc.nat(30), text }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), at: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), who: fc.integer({ min: 1, max: 2 }), room }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('come back' as const), who: fc.integer({ min: 1, max: 2 }), room }),
  },
);
const question = fc.record({
  who,
  words: fc.array(fc.constantFrom('oak', 'OAK', 'plan', 'an', 'grosse', 'ss', '京', '東京', '京都', 'nk', 'soaked'), {
    minLength: 1,
    maxLength: 2,
  }),
  phrase: fc.option(fc.constantFrom('oak plan', 'fix oak', 'größe fix'), { nil: undefined }),
  not: fc.option(fc.constantFrom('fix', 'oak', 'planks'), { nil: undefined }),
  from: fc.option(who, { nil: undefined }),
  in: fc.option(room, { nil: undefined }),
  limit: fc.integer({ min: 1, max: 4 }),
});

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
function holds(said: string, asked: string): boolean {
  return said.split(' ').some(word => {
    if (isSpaceless(asked) || asked.length >= 3) return plain(word).includes(plain(asked));
    return plain(word) === plain(asked);
  });
}
const holdsPhrase = (said: string, phrase: string) => ` ${plain(said)} `.includes(` ${plain(phrase)} `);
/** Whole words, or words that begin so where it is long enough. */
const excludes = (said: string, not: string) => said.split(' ').some(word => plain(word).startsWith(not));

test('over random histories a search finds what a simple model finds, in order, page by page, indexed or not', async t => {
  const { url } = await house(t);
  const people = await Promise.all(['ana', 'ben', 'cem'].map(name => account(url, name)));
  const [ana] = people;
  assert.ok(ana);
  const call = async (person: Person | undefined, method: string, path: string, body?: unknown) => {
    assert.ok(person);
    const answer = await person.http(method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };

  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 30 }),
      fc.array(question, { minLength: 3, maxLength: 6 }),
      async (steps, questions) => {
        const mark = randomUUID().slice(0, 8).replace(/\d/g, 'q'); // messages of former runs stay where they are
        const rooms: Id[] = [];
        for (const name of ['first', 'second']) rooms.push(await group(ana, people.slice(1), `${name} ${mark}`));
        const inside = rooms.map(() => new Set([0, 1, 2]));
        const all: Said[] = [];
        for (const one of steps) {
          if (one.do === 'say' && inside[one.room]?.has(one.who)) {
            const body = await call(people[one.who], 'POST', `/conversations/${rooms[one.room]}/messages`, {
              clientId: randomUUID(),
              text: `${one.text} ${mark}`,
            });
            const message = searchAnswer.shape.hits.element.shape.message.parse(body.message);
            all.push({
              id: message.id,
              room: one.room,
              seq: message.seq,
              by: one.who,
              at: message.createdAt,
              text: one.text,
            });
          }
          if (one.do === 'edit' || one.do === 'delete') {
            const said = all[one.at % Math.max(1, all.length)];
            if (!said || said.text === undefined || !inside[said.room]?.has(said.by)) continue;
            const path = `/conversations/${rooms[said.room]}/messages/${said.seq}`;
            if (one.do === 'edit') await call(people[said.by], 'PATCH', path, { text: `${one.text} ${mark}` });
            else await call(people[said.by], 'DELETE', path);
            said.text = one.do === 'edit' ? one.text : undefined;
          }
          if (one.do === 'leave' && inside[one.room]?.delete(one.who))
            await call(people[one.who], 'POST', `/conversations/${rooms[one.room]}/leave`);
          if (one.do === 'come back' && !inside[one.room]?.has(one.who)) {
            await call(ana, 'POST', `/conversations/${rooms[one.room]}/members`, { userIds: [people[one.who]?.id] });
            inside[one.room]?.add(one.who);
          }
        }
        for (const q of questions) {
          if (q.in !== undefined && !inside[q.in]?.has(q.who)) continue;
          const expected = all
            .filter(said => {
              const { text } = said;
              if (text === undefined || !inside[said.room]?.has(q.who)) return false;
              if (q.in !== undefined && said.room !== q.in) return false;
              if (q.from !== undefined && said.by !== q.from) return false;
              if (q.phrase !== undefined && !holdsPhrase(text, q.phrase)) return false;
              if (q.not !== undefined && excludes(text, q.not)) return false;
              return q.words.every(word => holds(text, word));
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
            const body = await call(
              people[q.who],
              'GET',
              `/search?q=${encodeURIComponent(typed)}&limit=${q.limit}${cursor}`,
            );
            const page: SearchAnswer = searchAnswer.parse(body);
            if (page.corrected) break; // then nothing was written so, and the model knows no typing errors
            found.push(...page.hits.map(({ message }) => message.id));
            cursor = page.next === undefined ? '' : `&cursor=${page.next}`;
          } while (cursor !== '');
          assert.deepEqual(found, expected, typed);
        }
      },
    ),
    { numRuns: 25 },
  );
});

/** Of the same millisecond: by conversation, then by number. */
function order(a: Said, b: Said, rooms: readonly Id[]): number {
  const [roomA = '', roomB = ''] = [rooms[a.room], rooms[b.room]];
  return roomA === roomB ? a.seq - b.seq : roomA < roomB ? -1 : 1;
}
