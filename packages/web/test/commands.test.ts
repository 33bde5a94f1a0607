import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { commandNames, hindrance, readWritten } from '../src/composer/commands.ts';
import { parseMarkdown } from '../src/markdown/blocks.ts';
import { plainText } from '../src/markdown/plain.ts';

const command = (text: string) => {
  const written = readWritten(text);
  return written.kind === 'command' ? written.command : written;
};

test('a slash and a word at the beginning are a command with what belongs behind it', () => {
  assert.deepEqual(command('/topic  Oak,\n not ash '), { name: 'topic', topic: 'Oak, not ash' });
  assert.deepEqual(command('/INVITE @Ana, ben @ana'), { name: 'invite', usernames: ['ana', 'ben'] });
  assert.deepEqual(command('/join #tools'), { name: 'join', channel: 'tools' });
  assert.deepEqual(command('/join Hand tools'), { name: 'join', channel: 'Hand tools' });
  assert.deepEqual(command('/leave '), { name: 'leave' });
  const mutes = { '': 'forever', ' today': 'today', ' off': 'off', ' 30m': 30, ' 2 hours': 120, ' 1d': 1_440 };
  for (const [rest, how] of Object.entries(mutes))
    assert.deepEqual(command(`/mute${rest}`), { name: 'mute', how }, rest);
});

test('what a command lacks is told apart from a command that does not exist', () => {
  for (const text of [
    '/topic',
    '/invite',
    '/invite @',
    '/join #',
    '/leave now',
    '/mute maybe',
    '/mute 0h',
    '/mute 900d',
    '/me ',
  ])
    assert.equal(readWritten(text).kind, 'incomplete', text);
  assert.deepEqual(readWritten('/Dance now'), { kind: 'unknown', word: 'Dance' });
});

test('a text may begin with a slash: as a path, or with two of them', () => {
  for (const text of [
    '/usr/bin/node is old',
    '/',
    '/ hello',
    '/5',
    ' /topic',
    'see /topic',
    '// a comment',
    '//host/share',
  ])
    assert.deepEqual(readWritten(text), { kind: 'text', text });
  assert.deepEqual(readWritten('//topic of today'), { kind: 'text', text: '/topic of today' });
  assert.deepEqual(readWritten('//etc'), { kind: 'text', text: '/etc' });
  fc.assert(
    fc.property(fc.constantFrom('', '/', '//', '/me', '/topic '), fc.string(), (begin, rest) => {
      const text = begin + rest;
      const plain = readWritten(text);
      const doubled = readWritten(`/${text}`);
      // Whatever is taken for a command goes out as it stands behind one more slash.
      if (plain.kind !== 'text' || plain.name) assert.deepEqual(doubled, { kind: 'text', text });
      else if (plain.text !== text) assert.equal(`/${plain.text}`, text);
    }),
  );
});

test('/me is said in italics, line by line, and /shrug shrugs', () => {
  const said = (text: string) => {
    const written = readWritten(text);
    return written.kind === 'text' ? written.text : written.kind;
  };
  assert.equal(said('/me thanks @ben'), '*thanks @ben*');
  assert.equal(said('/me saws\n\n  and planes'), '*saws*\n\n  *and planes*');
  assert.deepEqual(parseMarkdown(said('/me likes **oak** and @ben'))[0], {
    kind: 'paragraph',
    of: [
      {
        kind: 'italic',
        of: [
          { kind: 'text', text: 'likes ' },
          { kind: 'bold', of: [{ kind: 'text', text: 'oak' }] },
          { kind: 'text', text: ' and ' },
          { kind: 'mention', name: 'ben' },
        ],
      },
    ],
  });
  assert.equal(plainText(said('/shrug')), '¯\\_(ツ)_/¯');
  assert.equal(plainText(said('/shrug who knows')), 'who knows ¯\\_(ツ)_/¯');
});

test('a command is there where it makes sense, for those who may', () => {
  const allowed = (
    ...[type, role, guest = false]: ['direct' | 'group' | 'channel' | 'thread', 'owner' | 'member' | 'guest', boolean?]
  ) => commandNames.filter(name => !hindrance(name, { type, role, guest }));
  assert.deepEqual(allowed('channel', 'owner'), [...commandNames]);
  assert.deepEqual(allowed('group', 'member'), ['invite', 'join', 'leave', 'mute', 'me', 'shrug']);
  assert.deepEqual(allowed('group', 'guest', true), ['leave', 'mute', 'me', 'shrug']);
  assert.deepEqual(allowed('direct', 'member'), ['join', 'mute', 'me', 'shrug']);
  assert.deepEqual(allowed('thread', 'member'), ['join', 'me', 'shrug']);
  assert.deepEqual(hindrance('topic', { type: 'group', role: 'member', guest: false }), {
    because: 'role',
    roles: ['owner', 'admin', 'moderator'],
  });
});
