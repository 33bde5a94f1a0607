import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ClientError } from '@carpenter/client';
import { refusal, type SystemEvent } from '@carpenter/protocol';
import { parseSync } from 'vite';
import { systemLine } from '../src/conversation/systemLine.ts';
import { en } from '../src/words/en.ts';
import { authFault, reason, sentence } from '../src/words/failures.ts';
import { dayName, shortTime } from '../src/words/times.ts';

const src = new URL('../src/', import.meta.url);
const spoken = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label', 'hint', 'text']);

/** Words that stand in the markup itself. */
function literals(node: unknown, found: string[] = []): string[] {
  if (Array.isArray(node)) for (const each of node) literals(each, found);
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return found;
  const has = (key: string): unknown => Reflect.get(node, key);
  const letters = (value: unknown) => typeof value === 'string' && /\p{L}/u.test(value) && found.push(value.trim());
  if (has('type') === 'JSXText') letters(has('value'));
  if (has('type') === 'JSXAttribute') {
    const [name, value] = [has('name'), has('value')];
    const attribute = typeof name === 'object' && name !== null ? Reflect.get(name, 'name') : undefined;
    if (typeof value === 'object' && value !== null && spoken.has(String(attribute)))
      letters(Reflect.get(value, 'value'));
  }
  if (has('type') === 'JSXExpressionContainer') {
    const inner = has('expression');
    if (typeof inner === 'object' && inner !== null && Reflect.get(inner, 'type') === 'Literal')
      letters(Reflect.get(inner, 'value'));
  }
  for (const value of Object.values(node)) literals(value, found);
  return found;
}
const parse = (file: string, code: string) => literals(parseSync(file, code, { lang: 'tsx' }).program);

test('no component says anything that is not in the catalogue', () => {
  assert.deepEqual(parse('x.tsx', 'const a = <p title="Hello">{"there"} you {x}<B label={w.x} /></p>'), [
    'Hello',
    'there',
    'you',
  ]);
  const files = globSync('**/*.tsx', { cwd: src });
  assert.ok(files.length > 50);
  const found = files.flatMap(file =>
    parse(file, readFileSync(new URL(file, src), 'utf8')).map(words => `${file}: ${words}`),
  );
  assert.deepEqual(found, []);
});

test('numbers are in words that fit them', () => {
  assert.equal(en.connection.offline(0).rest, 'Whatever you write will be sent when you are back.');
  assert.equal(en.connection.offline(1).rest, '1 message will be sent when you are back.');
  assert.equal(en.connection.offline(3).rest, '3 messages will be sent when you are back.');
  assert.equal(en.connection.back(0), 'Back online.');
  assert.equal(en.connection.back(1), 'Back online. 1 message sent.');
  assert.equal(en.header.membersOnline(1_200, 5), '1,200 members, 5 online');
  assert.equal(en.list.unread(100), '99+');
  assert.equal(en.app.title('Marit', 3), '(3) Marit · Carpenter');
  assert.equal(en.app.title(undefined, 0), 'Carpenter');
});

test('a name from right to left does not turn the sentence around it', () => {
  assert.equal(en.system.joined('Marit'), 'Marit joined');
  assert.equal(en.system.joined('رائد'), '\u2068رائد\u2069 joined');
});

test('what happened in a conversation is told as theirs to whoever did it, and to whom it happened', () => {
  const of = (system: SystemEvent, sender: string, me: string) =>
    systemLine(
      {
        id: 'id',
        clientId: 'c',
        conversationId: 'x',
        seq: 1,
        rev: 1,
        sender,
        type: 'system',
        text: '',
        createdAt: '',
        system,
      },
      me,
      id => id.toUpperCase(),
    );
  const three = (system: SystemEvent, sender = 'ana') => ['ana', 'ben', 'eva'].map(me => of(system, sender, me));
  assert.deepEqual(three({ kind: 'joined', userId: 'ben' }), ['You added BEN', 'ANA added you', 'ANA added BEN']);
  assert.deepEqual(three({ kind: 'removed', userId: 'ben' }), [
    'You removed BEN',
    'ANA removed you',
    'ANA removed BEN',
  ]);
  assert.deepEqual(three({ kind: 'joined', userId: 'ben' }, 'ben'), ['BEN joined', 'You joined', 'BEN joined']);
  assert.deepEqual(three({ kind: 'left', userId: 'ben' }, 'ben'), ['BEN left', 'You left', 'BEN left']);
  const events: readonly SystemEvent[] = [
    { kind: 'created' },
    { kind: 'renamed', name: 'Kitchen' },
    { kind: 'pinned', seq: 1 },
    { kind: 'topic', topic: 'Oak' },
    { kind: 'topic', topic: '' },
    { kind: 'archived' },
    { kind: 'unarchived' },
  ];
  for (const event of events) {
    assert.match(of(event, 'ana', 'ana'), /^You /, event.kind);
    assert.match(of(event, 'ana', 'ben'), /^ANA /, event.kind);
  }
});

test('every refusal ends the sentence "Not sent:", and none shows a code', () => {
  const of = (...args: Parameters<typeof refusal>) => {
    const { code, message, details, retryAfterMs } = refusal(...args);
    return reason({ code, words: message, retryAfterMs, details: { ...details } });
  };
  assert.equal(of('conversation.unknown', {}), 'you are no longer in this conversation.');
  assert.equal(of('message.too_long', { chars: 8_012, maxChars: 8_000 }), 'it is too long (12 characters over).');
  assert.equal(of('rate.exceeded', { retryAfterMs: 2_100 }), 'too many at once. It goes out in 3 s.');
  assert.equal(of('auth.suspended', {}), 'this account is suspended.');
  assert.equal(reason({ code: 'something.new', words: 'Something new.' }), 'something new.');
  assert.equal(sentence(new ClientError('something.new', 'Something new.')), 'Something new.');
  assert.equal(sentence(new ClientError('conversation.unknown', 'x')), 'You are no longer in this conversation.');
});

test('a refused login tells its field, and no other error is swallowed', () => {
  assert.deepEqual(authFault(new ClientError('auth.wrong', 'x')), { field: 'password', text: en.auth.wrong });
  assert.deepEqual(authFault(new ClientError('auth.too_many', 'x', { retryAfterMs: 20_000 })), {
    field: undefined,
    text: 'Too many tries. Wait 20 s, then try again.',
  });
  assert.throws(() => authFault(new TypeError('ours')), TypeError);
});

test('days are told by the calendar: today, yesterday, the weekday within six days, then the date', () => {
  const now = new Date(2026, 10, 24, 0, 5).getTime();
  const at = (day: number, hour = 23) => new Date(2026, 10, day, hour, 59).toISOString();
  assert.equal(dayName(new Date(2026, 10, 24, 0, 1), now), 'Today');
  assert.equal(dayName(at(23), now), 'Yesterday');
  assert.equal(dayName(at(18), now), 'Wednesday');
  assert.match(dayName(at(17), now), /^Tuesday,? (17 November|November 17)$/);
  assert.match(dayName(new Date(2025, 10, 24), now), /2025/);
  assert.equal(shortTime(at(22), now), 'Sun');
  assert.match(shortTime(at(3), now), /^(3 Nov|Nov 3)$/);
});
