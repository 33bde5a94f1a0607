import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decide, holdsWord, type NotificationFacts, type Silence, type Trigger } from '../src/notification.ts';
import { inQuietHours } from '../src/quiet-hours.ts';
import { busyMs } from './busy.ts';

const [ana, ben] = ['01a00000-0000-7000-8000-000000000001', '01a00000-0000-7000-8000-000000000002'];
const noon = Date.parse('2026-11-25T12:00:00.000Z'); // a Wednesday

/** Ben writes to Ana, who is away and has chosen nothing. */
const quiet = { keywords: [], doNotDisturbUntil: null, doNotDisturbHours: null };
const facts = (changes: Partial<NotificationFacts> = {}): NotificationFacts => ({
  to: ana,
  message: { seq: 5, sender: ben, type: 'text', text: 'The glue is dry.' },
  answersThem: false,
  conversation: { type: 'group', following: false },
  kept: {},
  readSeq: 4,
  settings: { notify: 'all', ...quiet },
  blocked: false,
  presence: 'away',
  at: noon,
  ...changes,
});
const text = (words: string, mentions: string[] = []): NotificationFacts['message'] => ({
  seq: 5,
  sender: ben,
  type: 'text',
  text: words,
  ...(mentions.length > 0 && { mentions }),
});
const nightly = { days: [0, 1, 2, 3, 4, 5, 6], from: '22:30', to: '07:00', timeZone: 'Europe/Oslo' };

test('each rule by itself: what tells, what keeps quiet, and over what', () => {
  const cases: [string, Partial<NotificationFacts>, Trigger | undefined, Silence | undefined][] = [
    ['a group tells everything', {}, 'everything', undefined],
    ['a channel tells mentions', { conversation: { type: 'channel', following: false } }, undefined, 'level'],
    [
      'a channel that was set to everything',
      { conversation: { type: 'channel', following: false }, kept: { notify: 'all' } },
      'everything',
      undefined,
    ],
    ['one person to another', { conversation: { type: 'direct', following: false } }, 'direct', undefined],
    ['a mention', { message: text('@ana look', [ana]), kept: { notify: 'mentions' } }, 'mention', undefined],
    [
      'a mention in a line from a thread, where it is told already',
      {
        message: { ...text('@ana look', [ana]), fromThread: { conversationId: ben, seq: 2 } },
        kept: { notify: 'mentions' },
      },
      undefined,
      'level',
    ],
    ['mentions only', { kept: { notify: 'mentions' } }, undefined, 'level'],
    ['nothing at all', { message: text('@ana', [ana]), kept: { notify: 'nothing' } }, 'mention', 'level'],
    ['a keyword', { kept: { notify: 'mentions', keywords: ['Glue'] } }, 'keyword', undefined],
    ['an answer to me', { answersThem: true, kept: { notify: 'mentions' } }, 'reply', undefined],
    ['@all', { message: text('@all', ['all']), kept: { notify: 'mentions' } }, 'all', undefined],
    ['@here, and I am', { message: text('@here', ['here']), kept: { notify: 'mentions' } }, 'here', undefined],
    [
      '@here, and I am not',
      { message: text('@here', ['here']), kept: { notify: 'mentions' }, presence: 'offline' },
      undefined,
      'level',
    ],
    ['a thread that I follow', { conversation: { type: 'thread', following: true } }, 'thread', undefined],
    [
      'a thread that I do not follow',
      { conversation: { type: 'thread', following: false } },
      undefined,
      'not_followed',
    ],
    [
      'a reply that tells in its thread, which I follow',
      {
        message: { ...text('hello'), fromThread: { conversationId: ana, seq: 1 } },
        conversation: { type: 'group', following: true },
      },
      'everything',
      'in_thread',
    ],
    ['my own', { message: { ...text('hello'), sender: ana } }, 'everything', 'own'],
    ['a line that nobody wrote', { message: { ...text(''), type: 'system' } }, 'everything', 'system'],
    ['a deleted one', { message: { ...text(''), deletedAt: 'then' } }, 'everything', 'deleted'],
    ['somebody I blocked', { message: text('@ana', [ana]), blocked: true }, 'mention', 'blocked'],
    ['read already', { readSeq: 5 }, 'everything', 'read'],
    ['muted', { kept: { mutedUntil: '2026-11-25T12:00:00.001Z' } }, 'everything', 'muted'],
    ['muted until a moment ago', { kept: { mutedUntil: '2026-11-25T12:00:00.000Z' } }, 'everything', undefined],
    ['do not disturb', { presence: 'dnd' }, 'everything', 'do_not_disturb'],
    [
      'do not disturb for an hour',
      { settings: { notify: 'all', ...quiet, doNotDisturbUntil: '2026-11-25T12:30:00.000Z' } },
      'everything',
      'do_not_disturb',
    ],
    [
      'quiet hours',
      {
        settings: { notify: 'all', ...quiet, doNotDisturbHours: nightly },
        at: Date.parse('2026-11-25T22:00:00.000Z'),
      },
      'everything',
      'quiet_hours',
    ],
    [
      'mentions in general, and a direct conversation',
      { settings: { notify: 'mentions', ...quiet }, conversation: { type: 'direct', following: false } },
      'direct',
      undefined,
    ],
    [
      'mentions for this very direct conversation',
      { kept: { notify: 'mentions' }, conversation: { type: 'direct', following: false } },
      'direct',
      'level',
    ],
  ];
  for (const [words, changes, trigger, silence] of cases) {
    const made = decide(facts(changes));
    assert.deepEqual([made.trigger, made.silence], [trigger, silence], words);
    assert.deepEqual(made.via, silence ? [] : ['page', 'push'], words);
  }
  assert.deepEqual(decide(facts({ presence: 'online' })).via, ['page'], 'active: no other device rings');
  assert.deepEqual(decide(facts({ presence: 'offline' })).via, ['page', 'push']);
});

test('quiet hours follow the clocks of their zone, over midnight and over the change of the clocks', () => {
  const at = (iso: string) => inQuietHours(nightly, Date.parse(iso));
  assert.deepEqual(
    ['2026-11-25T21:29:59Z', '2026-11-25T21:30:00Z', '2026-11-26T05:59:59Z', '2026-11-26T06:00:00Z'].map(at),
    [false, true, true, false],
    'Oslo is an hour ahead in winter',
  );
  assert.deepEqual(['2026-07-01T20:29:59Z', '2026-07-01T20:30:00Z'].map(at), [false, true], 'and two in summer');
  const weekend = { ...nightly, days: [5], timeZone: 'Pacific/Auckland' }; // from Friday to Saturday, over there
  const there = (iso: string) => inQuietHours(weekend, Date.parse(iso));
  assert.deepEqual(
    ['2026-11-27T09:29:00Z', '2026-11-27T09:30:00Z', '2026-11-27T17:59:00Z', '2026-11-27T18:00:00Z'].map(there),
    [false, true, true, false],
  );
  assert.equal(there('2026-11-28T09:30:00Z'), false, 'Saturday is no such day');
  const always = { ...nightly, from: '08:00', to: '08:00' };
  assert.ok(inQuietHours(always, noon) && inQuietHours(always, noon + 12 * 3_600_000), 'a whole day');
});

test('keywords are whole words in any case, and parts where a script has no spaces', async () => {
  for (const [words, keyword] of [
    ['The GLUE is dry', 'glue'],
    ['glue', 'glue'],
    ['(glue)', 'glue'],
    ['c++ rules', 'c++'],
    ['Straße', 'straße'],
    ['cafe\u0301 now', 'café'],
    ['新しい看板です', '看板'],
    ['ask about @deploy!', '@deploy'],
    ['two words here', 'Two Words'],
  ] as const)
    assert.ok(holdsWord(words, [keyword]), `${keyword} in ${words}`);
  for (const [words, keyword] of [
    ['gluey', 'glue'],
    ['unglued', 'glue'],
    ['glue2', 'glue'],
    ['', 'glue'],
    ['anything', ' '.trim()],
  ] as const)
    assert.ok(!holdsWord(words, [keyword]), `${keyword} not in ${words}`);
  const everybody = async (text: string, words: readonly string[]) =>
    await busyMs(() => {
      for (let i = 0; i < 500; i++) holdsWord(text, words);
    });
  assert.ok((await everybody('a'.repeat(8_000), Array(40).fill('a'.repeat(64)))) < 2_000);
  assert.ok((await everybody('ﷺ'.repeat(8_000), ['glue'])) < 2_000);
});

test('a reply that stands in the conversation, too, tells whoever follows its thread once, and never less than it would have', () => {
  const level = fc.constantFrom('all' as const, 'mentions' as const, 'nothing' as const);
  const life = fc.record({
    type: fc.constantFrom('direct' as const, 'group' as const, 'channel' as const),
    named: fc.subarray([ana, 'here', 'all', ben]),
    words: fc.constantFrom('the glue', 'the wood'),
    own: fc.option(level, { nil: undefined }),
    general: level,
    presence: fc.constantFrom('online' as const, 'away' as const, 'dnd' as const, 'offline' as const),
  });
  fc.assert(
    fc.property(life, ({ type, named, words, own, general, presence }) => {
      const known = facts({
        kept: own ? { notify: own } : {},
        settings: { ...quiet, notify: general, keywords: ['glue'] },
        presence,
      });
      const tells = (more: Partial<NotificationFacts>) => decide({ ...known, ...more }).via.length > 0;
      const reply = text(words, named);
      const line = { ...reply, fromThread: { conversationId: ana, seq: 1 } };
      const inThread = tells({ message: reply, conversation: { type: 'thread', following: true } });
      const inLine = tells({ message: line, conversation: { type, following: true } });
      const withoutThread = tells({ message: line, conversation: { type, following: false } });
      assert.ok(!(inThread && inLine), 'twice');
      assert.ok(!withoutThread || inThread || inLine, 'not at all');
    }),
    { numRuns: 2_000 },
  );
});

/**
 * The model: one person and one conversation, as a history leaves them; what the person would say when asked. Written as a
 * list of objections, not as the code is.
 */
interface Life {
  level: 'all' | 'mentions' | 'nothing' | undefined;
  general: 'all' | 'mentions' | 'nothing';
  muteEnds: number;
  dndEnds: number;
  night: boolean;
  blocked: boolean;
  follows: boolean;
  readSeq: number;
  presence: 'online' | 'away' | 'dnd' | 'offline';
  now: number;
}
function wouldSay(
  life: Life,
  type: string,
  seq: number,
  m: { mine: boolean; named: string[]; key: boolean; reply: boolean },
) {
  const personal = m.named.includes(ana) || m.key || m.reply || m.named.includes('all');
  const called = m.named.includes('here') && life.presence !== 'offline';
  const followed = type === 'thread' && life.follows;
  const effective = life.level ?? (type === 'channel' && life.general === 'all' ? 'mentions' : life.general);
  const wants = {
    all: personal || called || type === 'direct' || (type === 'thread' ? followed : true),
    mentions: personal || called || (type === 'direct' && life.level === undefined),
    nothing: false,
  }[effective];
  const hour = new Date(life.now).getUTCHours();
  const objections = [
    m.mine,
    life.blocked,
    seq <= life.readSeq,
    life.muteEnds > life.now,
    !wants,
    life.presence === 'dnd',
    life.dndEnds > life.now,
    life.night && (hour >= 22 || hour < 7),
  ];
  if (objections.includes(true)) return [];
  return life.presence === 'online' ? ['page'] : ['page', 'push'];
}

test('over random histories of settings, presence, reading and messages it decides as a simple model does', () => {
  const level = fc.constantFrom('all' as const, 'mentions' as const, 'nothing' as const);
  const step = fc.oneof(
    level.map(
      general =>
        (_life: Life): Partial<Life> => ({ general: general }),
    ),
    fc.option(level, { nil: undefined }).map(
      own =>
        (_life: Life): Partial<Life> => ({ level: own }),
    ),
    fc.nat(200).map(
      min =>
        (life: Life): Partial<Life> => ({ muteEnds: life.now + min * 60_000 }),
    ),
    fc.nat(200).map(
      min =>
        (life: Life): Partial<Life> => ({ dndEnds: life.now + min * 60_000 }),
    ),
    fc.boolean().map(
      night =>
        (_life: Life): Partial<Life> => ({ night: night }),
    ),
    fc.boolean().map(
      blocked =>
        (_life: Life): Partial<Life> => ({ blocked: blocked }),
    ),
    fc.boolean().map(
      follows =>
        (_life: Life): Partial<Life> => ({ follows: follows }),
    ),
    fc.nat(30).map(
      seq =>
        (life: Life): Partial<Life> => ({ readSeq: Math.max(life.readSeq, seq) }),
    ),
    fc.constantFrom('online' as const, 'away' as const, 'dnd' as const, 'offline' as const).map(
      presence =>
        (_life: Life): Partial<Life> => ({ presence: presence }),
    ),
    fc.nat(600).map(
      min =>
        (life: Life): Partial<Life> => ({ now: life.now + min * 60_000 }),
    ),
  );
  const message = fc.record({
    mine: fc.boolean(),
    named: fc.subarray([ana, 'here', 'all', ben]),
    key: fc.boolean(),
    reply: fc.boolean(),
  });
  const type = fc.constantFrom('direct' as const, 'group' as const, 'channel' as const, 'thread' as const);
  const history = fc.array(fc.oneof({ arbitrary: step, weight: 2 }, { arbitrary: message, weight: 1 }), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(type, history, (type, steps) => {
      const life: Life = {
        level: undefined,
        general: 'all',
        muteEnds: 0,
        dndEnds: 0,
        night: false,
        blocked: false,
        follows: false,
        readSeq: 0,
        presence: 'offline',
        now: noon,
      };
      let seq = 0;
      for (const one of steps) {
        if (typeof one === 'function') {
          Object.assign(life, one(life));
          continue;
        }
        seq++;
        const made = decide({
          to: ana,
          message: {
            seq,
            sender: one.mine ? ana : ben,
            type: 'text',
            text: one.key ? 'the glue' : 'the wood',
            ...(one.named.length > 0 && { mentions: one.named }),
          },
          answersThem: one.reply,
          conversation: { type, following: life.follows },
          kept: {
            keywords: ['glue'],
            ...(life.level && { notify: life.level }),
            ...(life.muteEnds > 0 && { mutedUntil: new Date(life.muteEnds).toISOString() }),
          },
          readSeq: life.readSeq,
          settings: {
            ...quiet,
            notify: life.general,
            ...(life.dndEnds > 0 && { doNotDisturbUntil: new Date(life.dndEnds).toISOString() }),
            ...(life.night && { doNotDisturbHours: { ...nightly, from: '22:00', timeZone: 'UTC' } }),
          },
          blocked: life.blocked,
          presence: life.presence,
          at: life.now,
        });
        assert.deepEqual(made.via, wouldSay(life, type, seq, one), JSON.stringify({ type, life, one, made }));
        assert.ok(made.silence !== undefined || made.trigger !== undefined, 'there is always a reason');
        assert.equal(made.via.length === 0, made.silence !== undefined, 'and it fits what happens');
      }
    }),
    { numRuns: 2_000 },
  );
});
