import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ConnectionState, ConversationRow } from '@carpenter/client';
import fc from 'fast-check';
import { barFor } from '../src/conversation/bar.ts';
import { leavesOf } from '../src/markdown/leaves.ts';
import { plainText } from '../src/markdown/plain.ts';
import { initials, woodOf } from '../src/parts/face.ts';
import { addressOf, placeOf } from '../src/place.ts';
import { shortcutGroups } from '../src/settings/shortcutList.ts';
import { settle } from '../src/sidebar/useSettledRows.ts';

const now = 1_000_000_000_000;
const waiting = (
  code: 'connection.lost' | 'restarting' | 'overloaded' | 'tooSlow' | 'network.foreign' | 'server.degraded',
  since = now - 3_000,
): ConnectionState => ({
  phase: 'waiting',
  since,
  attempt: 2,
  retryAt: now + 3_600,
  because: { code, words: '' },
});
const says = (state: ConnectionState, unsent = 0) => {
  const bar = barFor(state, unsent, now);
  return bar && `${bar.lead} ${bar.rest}`.trim();
};

test('a break younger than 2 s says nothing, nor does a first connection younger than 800 ms', () => {
  assert.equal(says(waiting('connection.lost', now - 1_900)), undefined);
  assert.equal(says({ phase: 'offline', since: now - 1_900 }), undefined);
  assert.match(says({ phase: 'offline', since: now + 86_400_000 }) ?? '', /^You are offline/, 'the clock was set back');
  assert.equal(says({ phase: 'connecting', since: now - 700, attempt: 1 }), undefined);
  assert.equal(says({ phase: 'connecting', since: now - 900, attempt: 1 }), 'Connecting…');
  assert.equal(says({ phase: 'online', since: 0, via: 'sse' }), undefined);
});

test('each reason has its words, its countdown in whole seconds, and what helps', () => {
  assert.equal(says(waiting('connection.lost')), 'Connection lost. Trying again in 4 s.');
  assert.equal(says(waiting('restarting')), 'The server is restarting. Back in about 4 s.');
  assert.equal(says(waiting('overloaded')), 'The server is busy. Trying again in 4 s.');
  assert.match(
    says(waiting('network.foreign')) ?? '',
    /^Something other than Carpenter answers here\..* Trying again in 4 s\.$/,
  );
  assert.equal(says(waiting('tooSlow')), 'Your connection could not keep up. Catching up now.');
  assert.match(
    says(waiting('connection.lost', now - 301_000)) ?? '',
    /^No connection since .+\. Others do not see yet/,
  );
  assert.equal(says({ phase: 'offline', since: 0 }, 2), 'You are offline. 2 messages will be sent when you are back.');
  const stopped = (
    act: 'login' | 'reload' | 'none',
    code: 'unauthenticated' | 'malformed' | 'forbidden' | 'sessionEnded',
  ) => barFor({ phase: 'stopped', because: { code, words: '' }, act }, 1, now);
  assert.equal(stopped('login', 'unauthenticated')?.rest, 'Your 1 unsent message is kept.');
  assert.equal(stopped('login', 'sessionEnded')?.act, 'signIn');
  assert.equal(stopped('reload', 'malformed')?.act, 'reload');
  assert.equal(stopped('none', 'forbidden')?.act, 'signOut');
});

test('whatever ended the connection, what waits is counted, for eyes and ears', () => {
  assert.equal(
    says(waiting('connection.lost'), 2),
    'Connection lost. Trying again in 4 s. 2 messages will be sent then.',
  );
  assert.equal(
    says(waiting('restarting'), 1),
    'The server is restarting. Back in about 4 s. 1 message will be sent then.',
  );
  for (const code of ['connection.lost', 'restarting', 'overloaded', 'server.degraded', 'network.foreign'] as const) {
    assert.match(says(waiting(code), 2) ?? '', / 4 s\. 2 messages will be sent then\.$/, code);
    assert.match(barFor(waiting(code), 2, now)?.spoken ?? '', /\. 2 messages will be sent then\.$/, code);
    assert.match(
      says(waiting(code, now - 301_000), 2) ?? '',
      /^No connection since .+: 2 messages will be sent when it is back\.$/,
    );
  }
});

test('what is spoken does not count seconds', () => {
  const spoken = (code: 'connection.lost' | 'restarting') => barFor(waiting(code), 0, now)?.spoken;
  assert.equal(spoken('connection.lost'), 'Connection lost. Trying again.');
  assert.equal(spoken('restarting'), 'The server is restarting. Back in a moment.');
});

test('rows keep the order they had when the pointer came; new ones wait at the end', () => {
  const row = (id: string): ConversationRow => ({
    id,
    conversation: { id, type: 'group', memberCount: 1, createdBy: id, createdAt: '' },
    title: id,
    lastAt: '',
    unread: 0,
    mine: { role: 'member', readSeq: 0, deliveredSeq: 0, unread: 0, mentions: 0 },
    typing: [],
    unsent: [],
    blocked: false,
    lastBlocked: false,
  });
  assert.deepEqual(
    settle(['d', 'c', 'a'].map(row), ['a', 'b', 'c']).map(each => each.id),
    ['a', 'c', 'd'],
  );
});

test('a face has the first letters of the first and the last word, and the same wood everywhere', () => {
  const names = ['Marit Holm', 'ada', 'Kitchen Birch Lane', '🪵', 'Everything 🪵', 'رائد الحسن', '  x  ', '#general'];
  assert.deepEqual(names.map(initials), ['MH', 'A', 'KL', '🪵', 'E', 'را', 'X', 'G']);
  assert.equal(woodOf('01a20fb4-2453-7092-bb41-036b278f35ef'), woodOf('01a20fb4-2453-7092-bb41-036b278f35ef'));
  assert.ok(new Set(Array.from({ length: 100 }, (_, n) => woodOf(`id${n}`))).size === 8);
});

test('every place has an address that leads back to it', () => {
  const paths = ['/', '/settings', '/threads', '/mentions', '/c/x', '/c/x/details', '/c/x/details/m/3'];
  for (const path of [...paths, '/c/x/m/5', '/c/x/t/5', '/c/x/t/5/m/7']) assert.equal(addressOf(placeOf(path)), path);
  assert.deepEqual(placeOf('/nowhere/at/all'), { at: 'list' });
  const search = { at: 'search', q: 'oak from:me', sort: 'best', find: 'files' } as const;
  const [path, query] = addressOf(search).split('?');
  assert.deepEqual(placeOf(path ?? '', query), search);
});

test('a found text in one line says what it says, whatever its marks', () => {
  const pieces = [
    '**',
    '*',
    '~~',
    '||',
    '`',
    '```',
    '\n',
    '\n\n',
    '- ',
    '1. ',
    '> ',
    '| a | b |\n|---|---|\n',
    '[x](https://x.org)',
  ];
  const text = fc.array(fc.oneof(fc.constantFrom(...pieces, ' ', 'oak', '@ana', '#kiln'), fc.string()), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(text, parts => {
      const said = leavesOf(parts.join(''))
        .map(leaf => leaf.text)
        .join('');
      assert.equal(said.replace(/\s+/gu, ' ').trim(), plainText(parts.join('')));
    }),
  );
});

test('the list of keys names each key of a message, what sends, and no key alone where those are off', () => {
  const keys = (sendKey: 'enter' | 'ctrl-enter', singleKeys: boolean) =>
    shortcutGroups({ sendKey, singleKeys }).map(({ rows }) => rows.map(row => row.keys));
  const [, , atMessage = []] = keys('enter', true);
  const source = readFileSync(new URL('../src/conversation/actions.ts', import.meta.url), 'utf8');
  const acting = [...source.matchAll(/key: '(.+?)'/g)].map(([, key = '']) => key);
  assert.ok(acting.length > 10);
  for (const key of acting) assert.ok(atMessage.includes(key), key);
  for (const group of keys('ctrl-enter', true)) assert.deepEqual(group, [...new Set(group)]);
  assert.deepEqual(keys('ctrl-enter', true)[3]?.slice(0, 2), ['Ctrl Enter', 'Enter']);
  assert.ok(keys('enter', false).every(group => group.every(key => key === '↑' || key.length > 1)));
});
