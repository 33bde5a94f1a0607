import assert from 'node:assert/strict';
import { test } from 'node:test';
import emoji from 'emojibase-data/en/compact.json' with { type: 'json' };
import fc from 'fast-check';
import { busyMs } from '../../protocol/test/busy.ts';
import { emojiOnly } from '../src/emoji/only.ts';
import { parseMarkdown } from '../src/markdown/blocks.ts';
import { hostToShow, linksIn } from '../src/markdown/links.ts';
import { plainText, preview } from '../src/markdown/plain.ts';
import type { Block, Inline } from '../src/markdown/tree.ts';

/** A short writing of the tree: `b(…)` bold, `i` italic, `s` strike, `x` spoiler, `c` code, `a` link. */
function inline(nodes: readonly Inline[]): string {
  const letters = {
    bold: 'b',
    italic: 'i',
    strike: 's',
    spoiler: 'x',
    code: 'c',
    mention: 'at',
    channel: 'ch',
  } as const;
  return nodes
    .map(node => {
      if (node.kind === 'text') return node.text;
      if (node.kind === 'link') return `a(${inline(node.of)}${node.named ? ` → ${node.href}` : ''})`;
      if (node.kind === 'mention' || node.kind === 'channel') return `${letters[node.kind]}(${node.name})`;
      return `${letters[node.kind]}(${node.kind === 'code' ? node.text : inline(node.of)})`;
    })
    .join('');
}
function block(one: Block): string {
  switch (one.kind) {
    case 'paragraph':
      return inline(one.of);
    case 'code':
      return `code${one.language && `:${one.language}`}(${one.text})`;
    case 'quote':
      return `quote(${one.of.map(block).join(' / ')})`;
    case 'list':
      return one.items.map(item => `${item.number ?? '-'}(${item.of.map(block).join(' / ')})`).join('');
    case 'table':
      return `table(${[one.head, ...one.rows].map(row => row.map(inline).join(' | ')).join(' / ')})`;
  }
}
const read = (text: string) => parseMarkdown(text).map(block).join(' / ');
const reads = (cases: Record<string, string>) =>
  assert.deepEqual(Object.fromEntries(Object.keys(cases).map(text => [text, read(text)])), cases);

test('bold, italic, struck, hidden and code stand where their marks do, in each other too', () => {
  reads({
    '**bold** *it* _it_ __bold__ ~~gone~~ ||who|| `a*b*`': 'b(bold) i(it) i(it) b(bold) s(gone) x(who) c(a*b*)',
    '***both***': 'b(i(both))',
    '**bold *and* more**': 'b(bold i(and) more)',
    '*a **b** c*': 'i(a b(b) c)',
    '**bold**ness': 'b(bold)ness',
    '``a ` b`` and `` ` ``': 'c(a ` b) and c(`)',
    '**two\nlines**': 'b(two\nlines)',
    '这是*强调*文字': '这是i(强调)文字',
  });
});

test('what only looks like a mark stays as it was written', () => {
  reads({
    '5*3*2 and snake_case_name and 2 ** 3': '5*3*2 and snake_case_name and 2 ** 3',
    '¯\\_(ツ)_/¯': '¯\\_(ツ)_/¯',
    '\\*not\\*': '*not*',
    'a || b || c': 'a || b || c',
    '**open\n\nclosed**': '**open\n\nclosed**',
    '# no heading\n---\n<b>no</b> &amp;': '# no heading\n---\n<b>no</b> &amp;',
    '>_< and >:(': '>_< and >:(',
    '- ': '- ',
    'a -- b ~c~ `d': 'a -- b ~c~ `d',
    'two  spaces\n  and a step in': 'two  spaces\n  and a step in',
    '[a] (b) [c](d e) [e](javascript:alert(1))': '[a] (b) [c](d e) [e](javascript:alert(1))',
  });
});

test('links: only http, https and mail; the sentence around them keeps its stops', () => {
  reads({
    'see https://example.com/a_(b)?c=d, ok': 'see a(https://example.com/a_(b)?c=d), ok',
    '(https://example.com/x).': '(a(https://example.com/x)).',
    '**https://example.com** ||https://example.org||': 'b(a(https://example.com)) x(a(https://example.org))',
    'ana@example.com': 'a(ana@example.com)',
    'javascript:alert(1) data:text/html,x file:///etc vbscript:x //evil.example ftp://a.example':
      'javascript:alert(1) data:text/html,x file:///etc vbscript:x //evil.example ftp://a.example',
    '[the *plan*](https://example.com/p)': 'a(the i(plan) → https://example.com/p)',
    '[https://bank.example](https://evil.example)': 'a(https://bank.example → https://evil.example/)',
    '[x](JaVaScRiPt:alert(1)) [y](\tjavascript:alert(1))': '[x](JaVaScRiPt:alert(1)) [y](\tjavascript:alert(1))',
    '`https://example.com`': 'c(https://example.com)',
    'https://a.example/_x_ *b*': 'a(https://a.example/_x_) i(b)',
  });
});

test('a link says where it leads when its words do not', () => {
  assert.equal(hostToShow('https://example.com/x', 'https://example.com/x', false), undefined);
  assert.equal(hostToShow('https://evil.example/', 'https://bank.example', true), 'evil.example');
  assert.equal(hostToShow('https://xn--pple-43d.example/', 'https://аpple.example', false), 'xn--pple-43d.example');
  assert.equal(
    hostToShow('https://bank.example@evil.example/', 'https://bank.example@evil.example', false),
    'evil.example',
  );
  assert.equal(hostToShow('mailto:ana@example.com', 'write', true), 'ana@example.com');
});

test('mentions and channels are names after @ and #, not parts of words and addresses', () => {
  reads({
    '@ana.b, and (@here)': 'at(ana.b), and (at(here))',
    'ana@host @ab #1 C#': 'ana@host @ab #1 C#',
    '#web-client. #küche': 'ch(web-client). ch(küche)',
    '**@ana** `@ana`': 'b(at(ana)) c(@ana)',
  });
});

test('code, quotes, lists and tables', () => {
  reads({
    'so:\n```ts\nconst a = 1;\n\n  b\n```\nend': 'so: / code:ts(const a = 1;\n\n  b) / end',
    '```one line```': 'c(one line)',
    '```\nunclosed **x**': 'code(unclosed **x**)',
    '```js\nend at once```': 'code:js(end at once)',
    '```const a\nb\n```': 'code(const a\nb)',
    '````\n```\nx\n```\n````': 'code(```\nx\n```)',
    '> a\n> **b**\nc': 'quote(a\nb(b)) / c',
    '> > twice': 'quote(quote(twice))',
    '- one\n- two\n  - in\n- three': '-(one)-(two / -(in))-(three)',
    '3. c\n7) d': '3(c)7(d)',
    '1. a\n\n   more\n2. b': '1(a\n\nmore)2(b)',
    '| a | b |\n|---|:-:|\n| 1 | **2** |\n| x |\nend': 'table(a | b / 1 | b(2) / x) / end',
    'a | b\nc | d': 'a | b\nc | d',
  });
});

test('one line of plain text for lists and ears, with what is hidden left hidden', () => {
  assert.equal(plainText('**Hi** @ana\n\n- a\n- `b`\n> c ||secret||'), 'Hi @ana • a • b c ▮▮▮▮▮');
  assert.equal(preview('x'.repeat(900)).length, 200);
});

test('emoji alone are counted, to be shown large; with anything else they are not', () => {
  for (const [text, count] of [
    ['🎉', 1],
    ['🪵🪚🔨', 3],
    ['👨‍👩‍👧', 1],
    ['👍🏽', 1],
    ['❤️ 🎉', 2],
    ['🇳🇴🇵🇱', 2],
  ] as const)
    assert.equal(emojiOnly(text), count, text);
  for (const text of ['', ' ', '1', '#', 'ok 🎉', '🎉'.repeat(7)]) assert.equal(emojiOnly(text), 0, text);
  const each = emoji.flatMap(({ unicode, skins }) => [unicode, ...(skins ?? []).map(skin => skin.unicode)]);
  for (const one of each.filter(text => /^\p{RGI_Emoji}$/v.test(text))) assert.equal(emojiOnly(one), 1, one);
});

/** Texts made of what the parser looks for, and of anything. */
const pieces = fc.constantFrom(
  ...[
    '*',
    '**',
    '_',
    '__',
    '~~',
    '||',
    '`',
    '```',
    '[',
    '](',
    ')',
    '\\',
    '> ',
    '- ',
    '1. ',
    '|',
    '|-|-|',
    '\n',
    '\n\n',
  ],
  ...['@ana', '#room', 'https://a.example/', ' ', '  ', 'word', 'ü', '日', '👍🏽', '\ud83d', '¯', '&', '<b>', ':'],
);
const texts = fc.oneof(
  fc
    .array(fc.oneof({ weight: 8, arbitrary: pieces }, fc.string({ unit: 'binary' })), { maxLength: 60 })
    .map(a => a.join('')),
  fc.string({ maxLength: 200 }),
);

/** Everything in a tree that came from the text. */
function all(nodes: readonly Inline[]): string {
  return nodes
    .map(node => {
      if (node.kind === 'link') return all(node.of) + (node.named ? node.href : '');
      if ('of' in node) return all(node.of);
      return 'name' in node ? node.name : node.text;
    })
    .join('');
}
function allOf(one: Block): string {
  switch (one.kind) {
    case 'paragraph':
      return all(one.of);
    case 'code':
      return one.language + one.text;
    case 'quote':
      return one.of.map(allOf).join('');
    case 'list':
      return one.items.map(item => `${item.number ?? ''}${item.of.map(allOf).join('')}`).join('');
    case 'table':
      return [one.head, ...one.rows].flat().map(all).join('');
  }
}

test('no text breaks it, and no word is lost', () => {
  const words = (text: string) => text.replace(/[^\p{L}]/gu, '');
  fc.assert(
    fc.property(texts, text => {
      const named = /\]\(/.test(text); // an address is written as URL writes it
      const kept = words(parseMarkdown(text).map(allOf).join(''));
      if (!named) assert.equal(kept, words(text));
    }),
    { numRuns: 3_000 },
  );
});

test('a text without marks comes out as it went in', () => {
  const plain = fc.string({ unit: fc.constantFrom(...'abc äß日,.!? \n'), maxLength: 100 });
  fc.assert(
    fc.property(plain, text => {
      const [only, ...more] = parseMarkdown(text);
      assert.deepEqual(more, []);
      // Empty lines at both ends are not shown, and of several between two lines one gap is left.
      const shape = (lines: string) => lines.replace(/[ \t]*\n(?:[ \t]*\n)*/g, '\n').replace(/^\n|\s+$/g, '');
      assert.equal(shape(only ? allOf(only) : ''), shape(text));
    }),
  );
});

const links = (nodes: readonly Inline[]): string[] =>
  nodes.flatMap(node => ('of' in node ? [...(node.kind === 'link' ? [node.href] : []), ...links(node.of)] : []));

test('no text makes a link that does anything but lead to a page or a mailbox', () => {
  const scheme = fc.constantFrom(
    'javascript:',
    'JAVASCRIPT:',
    'data:',
    'vbscript:',
    'blob:',
    'file:///',
    'java\tscript:',
    '//',
    'http:',
    'https://',
  );
  const hostile = fc.tuple(
    fc.constantFrom('', '[x](', '<', '**', ' '),
    scheme,
    fc.string({ maxLength: 20 }),
    fc.constantFrom('', ')', '>'),
  );
  fc.assert(
    fc.property(hostile, parts => {
      for (const one of parseMarkdown(parts.join('')))
        if (one.kind === 'paragraph')
          for (const href of links(one.of)) assert.match(href, /^(https?:\/\/[^/]|mailto:)/);
    }),
    { numRuns: 2_000 },
  );
});

test('the longest hostile text is read in the blink of an eye', async () => {
  const long = (piece: string) => piece.repeat(Math.ceil(8_000 / piece.length)).slice(0, 8_000);
  const hostile = [
    ...[
      '*',
      '**a',
      '*a ',
      '*a **b ',
      '_a*b',
      '`',
      '`a``b',
      '[',
      '[a](',
      '[a](http://a.b',
      '](',
      '~~a||b',
      '> ',
      '>',
      '- ',
      '- a\n',
    ],
    ...[
      '|',
      '|\n',
      '|-',
      '|-|\n',
      'a|b\n-|-\n',
      '```\n',
      '```a\n',
      '\\',
      '@a',
      '@aaa',
      '#',
      '#a',
      'http://',
      'https://a.b/(',
      'a@b.c',
      '\n',
      ' ',
      ' \n',
      '¯',
    ],
    ...['||a', '***a', '*_~~||', '> - ', '  - a\n', '1. ', '![', '<', '&', 'a.', 'www.', '日*'],
  ];
  const nested = [...'*_'].map(mark => `${`${mark}a `.repeat(2_000)}${` a${mark}`.repeat(2_000)}`.slice(0, 16_000));
  for (const text of [...hostile.map(long), ...nested, '*a **b '.repeat(600) + ' c** d*'.repeat(600)]) {
    const ms = await busyMs(() => parseMarkdown(text));
    assert.ok(ms < 150, `${JSON.stringify(text.slice(0, 12))}: ${ms.toFixed(0)} ms`);
  }
});

test('twice the text takes twice the work to find its addresses, not four times', async () => {
  const work = async (text: string) => {
    const tries: number[] = [];
    for (let i = 0; i < 3; i++) tries.push(await busyMs(() => linksIn(text)));
    return Math.min(...tries);
  };
  const begins = ['http://', 'https://a.b/', 'http://a.b:1/', 'mailto:a@b.c', '//a.b', 'a@b.c'];
  for (const begin of begins)
    for (const before of ['', ' ', 'a', '日', '😀', '+', '(', '.'])
      for (const after of ['', ' ', '('] as const) {
        const text = (chars: number) => `${before}${begin}${after}`.repeat(chars).slice(0, chars);
        const [once, twice] = [await work(text(5_000)), await work(text(10_000))];
        assert.ok(twice < 15 || twice < 3 * once, `${before}${begin}${after}: ${once} ms, then ${twice} ms`);
      }
});
