import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inkOf } from '../src/composer/ink.ts';

const ink = (text: string) =>
  inkOf(text)
    .map(({ text, looks }) => (looks.length === 0 ? text : `{${looks.join(' ')}: ${text}}`))
    .join('');

test('what is being written looks as it will, and its marks stand back', () => {
  assert.equal(ink('plain words'), 'plain words');
  assert.equal(ink('an **oak** door'), 'an {mark: **}{bold: oak}{mark: **} door');
  assert.equal(ink('**_x_**'), '{mark: **_}{bold italic: x}{mark: _**}');
  assert.equal(
    ink('~~no~~ `a*b` ||s||'),
    '{mark: ~~}{strike: no}{mark: ~~} {mark: `}{code: a*b}{mark: `} {mark: ||}{spoiler: s}{mark: ||}',
  );
  assert.equal(ink('5 \\* 3'), '5 {mark: \\}* 3');
  assert.equal(ink('hi @ben, see #tools'), 'hi {name: @ben}, see {name: #tools}');
  assert.equal(ink('[a (b)](https://a.org/(x))a'), '{mark: [}{link: a (b)}{mark: ](https://a.org/(x))}a');
  assert.equal(ink('> a\n> **b**'), '{mark: > }{quote: a\n}{mark: > **}{quote bold: b}{mark: **}');
  assert.equal(ink('- a\n- b'), '{mark: - }a{mark: \n- }b');
  assert.equal(ink('```\na = 1\n```'), '{mark: ```\n}{code: a = 1}{mark: \n```}');
  assert.equal(ink('not *closed'), 'not *closed');
});

test('whatever is written, it is all there, in its order', () => {
  const piece = fc.constantFrom(
    '**',
    '_',
    '`',
    '```\n',
    '\n',
    '> ',
    '- ',
    '[a](',
    'https://a.org',
    ')',
    '|',
    '||',
    '\\',
    ' ',
    'oak',
    '🪵',
    '@ben',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 4 })), { maxLength: 24 }), pieces => {
      const text = pieces.join('');
      assert.equal(
        inkOf(text)
          .map(each => each.text)
          .join(''),
        text,
      );
    }),
  );
});
