import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Format, formats, toggleOf } from '../src/composer/format.ts';
import { parseMarkdown } from '../src/markdown/blocks.ts';

/** The selection stands between `‹` and `›`. */
function read(marked: string) {
  const from = marked.indexOf('‹');
  return { text: marked.replace(/[‹›]/g, ''), from, to: marked.indexOf('›') - 1 };
}
function toggle(marked: string, format: Format) {
  const selected = read(marked);
  const { edit } = toggleOf(selected, format);
  const text = selected.text.slice(0, edit.from) + edit.by + selected.text.slice(edit.to);
  const [from, to] = edit.select;
  return `${text.slice(0, from)}‹${text.slice(from, to)}›${text.slice(to)}`;
}

test('a mark is put around what is selected and taken away again, wherever it stands', () => {
  for (const [format, open, close] of [
    ['bold', '**', '**'],
    ['italic', '_', '_'],
    ['strike', '~~', '~~'],
    ['code', '`', '`'],
  ] as const) {
    assert.equal(toggle('an ‹oak› door', format), `an ${open}‹oak›${close} door`);
    assert.equal(toggle(`an ${open}‹oak›${close} door`, format), 'an ‹oak› door');
    assert.equal(toggle(`an ‹${open}oak${close}› door`, format), 'an ‹oak› door');
    assert.equal(toggle('an ‹oak ›door', format), `an ${open}‹oak›${close} door`);
    assert.equal(toggle('an ‹›', format), `an ${open}‹›${close}`);
    assert.equal(toggle(`an ${open}‹›${close}`, format), 'an ‹›');
  }
  // Bold is not italic, and both may stand together.
  assert.equal(toggle('__‹oak›__', 'italic'), '___‹oak›___');
  assert.equal(toggle('**_‹oak›_**', 'italic'), '**‹oak›**');
  assert.equal(toggle('‹a`b›', 'code'), '``‹a`b›``');
});

test('several lines have a mark each, code a block, lists and quotes one sign a line', () => {
  assert.equal(toggle('‹oak\n\nash›', 'bold'), '‹**oak**\n\n**ash**›');
  assert.equal(toggle('‹**oak**\n**ash**›', 'bold'), '‹oak\nash›');
  assert.equal(toggle('see ‹a\nb› so', 'code'), 'see \n```\n‹a\nb›\n```\n so');
  assert.equal(toggle('```ts\n‹a›\n```', 'code'), '‹a›');
  assert.equal(toggle('oak\na‹s›h\nelm', 'quote'), 'oak\n‹> ash›\nelm');
  assert.equal(toggle('o‹ak\n\na›sh', 'quote'), '‹> oak\n>\n> ash›');
  assert.equal(toggle('‹> oak\n> ash›', 'quote'), '‹oak\nash›');
  assert.equal(toggle('‹oak\nash›', 'bullets'), '‹- oak\n- ash›');
  assert.equal(toggle('‹- oak\n- ash›', 'numbers'), '‹1. oak\n2. ash›');
  assert.equal(toggle('‹1. oak\n2. ash›', 'numbers'), '‹oak\nash›');
  assert.equal(toggle('‹›', 'bullets'), '‹- ›');
});

test('words become a link that waits for its address, an address one that waits for words', () => {
  assert.equal(toggle('see ‹the plan›', 'link'), 'see [the plan](‹›)');
  assert.equal(toggle('see ‹https://oak.example/a›', 'link'), 'see [‹›](https://oak.example/a)');
  assert.equal(toggle('see [‹the plan›](https://oak.example)', 'link'), 'see ‹the plan›');
  assert.equal(toggle('see ‹[the plan](https://oak.example)›', 'link'), 'see ‹the plan›');
});

test('whatever is selected: on and off again is what it was, and what is on is read as such', () => {
  const words = fc.stringMatching(/^[a-zå ]{1,12}$/).filter(text => text.trim() !== '');
  fc.assert(
    fc.property(words, words, words, fc.constantFrom(...formats), (before, inner, after, format) => {
      const selected = {
        text: `${before} ${inner} ${after}`,
        from: before.length + 1,
        to: before.length + 1 + inner.length,
      };
      const first = toggleOf(selected, format);
      assert.equal(first.isOn, false);
      const { edit } = first;
      const text = selected.text.slice(0, edit.from) + edit.by + selected.text.slice(edit.to);
      if (format === 'link') return;
      const second = toggleOf({ text, from: edit.select[0], to: edit.select[1] }, format);
      assert.equal(second.isOn, true);
      const back = second.edit;
      assert.equal(text.slice(0, back.from) + back.by + text.slice(back.to), selected.text);
      if (format === 'quote' || format === 'bullets' || format === 'numbers') return;
      const [block] = parseMarkdown(text.trim());
      assert.ok(block?.kind === 'paragraph' && block.of.some(node => node.kind === format), text);
    }),
  );
});
