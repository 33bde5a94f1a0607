import { hrefOf } from '../markdown/links.ts';

export const formats = ['bold', 'italic', 'strike', 'code', 'quote', 'bullets', 'numbers', 'link'] as const;
export type Format = (typeof formats)[number];

/** A text, and what is selected in it. */
export interface Selected {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}
/** Puts `by` in the place of what stands from `from` to `to`; then `select` is selected. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly by: string;
  readonly select: readonly [from: number, to: number];
}
/** How to put it on, or to take it off where it `isOn`. */
export interface Toggle {
  readonly isOn: boolean;
  readonly edit: Edit;
}

/** What a format would do to what is selected: put on, or take off where it is. */
export function toggleOf({ text, from, to }: Selected, format: Format): Toggle {
  if (format === 'quote' || format === 'bullets' || format === 'numbers') return lines({ text, from, to }, format);
  // A mark beside white space is none.
  const given = text.slice(from, to);
  const start = given.trim() === '' ? from : to - given.trimStart().length;
  const end = start + given.trim().length;
  const selected = { text, from: start, to: given.trim() === '' ? to : end };
  if (format === 'link') return link(selected);
  if (given.trim().includes('\n')) return format === 'code' ? block(selected) : eachLine(selected, format);
  return (format === 'code' && block(selected, true)) || within(selected, format);
}

type Mark = 'bold' | 'italic' | 'strike' | 'code';
const marks = { bold: '**', italic: '_', strike: '~~', code: '`' } as const;

/** How many of the characters of a run are this mark; 0: it is none. */
function marked(format: Mark, run: number): number {
  if (format === 'code') return run;
  if (format === 'italic') return run % 2;
  return run >= 2 ? 2 : 0;
}
const runAtEnd = (text: string, char: string) => {
  let length = 0;
  while (text[text.length - 1 - length] === char) length++;
  return length;
};
const runAtStart = (text: string, char: string) => {
  let length = 0;
  while (text[length] === char) length++;
  return length;
};

/** The length of the marks that a text begins and ends with; 0: it is not wrapped in them. */
function wrapped(text: string, format: Mark): number {
  const char = marks[format].charAt(0);
  const [before, after] = [runAtStart(text, char), runAtEnd(text, char)];
  return before + after < text.length ? marked(format, Math.min(before, after)) : 0;
}

function wrap(inner: string, format: Mark): readonly [open: string, close: string] {
  if (format !== 'code') return [marks[format], marks[format]];
  const longest = Math.max(0, ...(inner.match(/`+/g) ?? []).map(run => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = inner.startsWith('`') || inner.endsWith('`') ? ' ' : '';
  return [fence + space, space + fence];
}

/** In one line. */
function within({ text, from, to }: Selected, format: Mark): Toggle {
  const inner = text.slice(from, to);
  const char = marks[format].charAt(0);
  const around = Math.min(runAtEnd(text.slice(0, from), char), runAtStart(text.slice(to), char));
  const outside = marked(format, around);
  if (outside > 0) return off(from - outside, to + outside, inner);
  const inside = wrapped(inner, format);
  if (inside > 0) return off(from, to, inner.slice(inside, -inside));
  const [open, close] = wrap(inner, format);
  return on(from, to, open, inner, close);
}

const off = (from: number, to: number, inner: string): Toggle => ({
  isOn: true,
  edit: { from, to, by: inner, select: [from, from + inner.length] },
});
const on = (from: number, to: number, open: string, inner: string, close: string): Toggle => ({
  isOn: false,
  edit: { from, to, by: open + inner + close, select: [from + open.length, from + open.length + inner.length] },
});

/** No mark goes over the end of a paragraph: each line has its own. */
function eachLine({ text, from, to }: Selected, format: Mark): Toggle {
  const given = text.slice(from, to).split('\n');
  const isOn = given.every(line => line.trim() === '' || wrapped(line.trim(), format) > 0);
  const by = given
    .map(line => {
      const words = line.trim();
      if (words === '' || (!isOn && wrapped(words, format) > 0)) return line;
      const length = wrapped(words, format);
      return line.replace(words, () => (isOn ? words.slice(length, -length) : marks[format] + words + marks[format]));
    })
    .join('\n');
  return { isOn, edit: { from, to, by, select: [from, from + by.length] } };
}

/** Code over several lines stands between fences. */
function block(selected: Selected): Toggle;
function block(selected: Selected, only: true): Toggle | undefined;
function block({ text, from, to }: Selected, only = false): Toggle | undefined {
  const inner = text.slice(from, to);
  const [before] = /(?<=^|\n)```[^\n`]*\n$/.exec(text.slice(0, from)) ?? [];
  const [after] = /^\n```(?=\n|$)/.exec(text.slice(to)) ?? [];
  if (before !== undefined && after !== undefined) return off(from - before.length, to + after.length, inner);
  const [whole, code] = /^```[^\n`]*\n([\s\S]*)\n```$/.exec(inner) ?? [];
  if (whole !== undefined && code !== undefined) return off(from, to, code);
  if (only) return undefined;
  const open = `${from > 0 && text[from - 1] !== '\n' ? '\n' : ''}\`\`\`\n`;
  return on(from, to, open, inner, `\n\`\`\`${to < text.length && text[to] !== '\n' ? '\n' : ''}`);
}

function link({ text, from, to }: Selected): Toggle {
  const inner = text.slice(from, to);
  const [whole, shown] = /^\[([^\]\n]*)\]\([^\s)]*\)$/.exec(inner) ?? [];
  if (whole !== undefined && shown !== undefined) return off(from, to, shown);
  const [rest] = /^\]\([^\s)]*\)/.exec(text.slice(to)) ?? [];
  if (rest !== undefined && text[from - 1] === '[') return off(from - 1, to + rest.length, inner);
  // The caret goes to what is missing: the words for an address, or the address for words.
  const isAddress = hrefOf(inner) !== undefined;
  const by = isAddress ? `[](${inner})` : `[${inner}]()`;
  const caret = isAddress ? from + 1 : from + by.length - 1;
  return { isOn: false, edit: { from, to, by, select: [caret, caret] } };
}

const prefixes = { quote: /^> ?/, bullets: /^[-*+] /, numbers: /^\d{1,9}[.)] / } as const;

/** What stands before whole lines. */
function lines({ text, from, to }: Selected, format: keyof typeof prefixes): Toggle {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const end = text.indexOf('\n', Math.max(from, to - 1));
  const given = text.slice(start, end === -1 ? text.length : end).split('\n');
  const isOn =
    given.some(line => line.trim() !== '') && given.every(line => line.trim() === '' || prefixes[format].test(line));
  let number = 0;
  const put = (line: string) => {
    if (format === 'quote') return line.trim() === '' ? '>' : `> ${line}`;
    if (line.trim() === '' && given.length > 1) return line;
    const plain = line.replace(prefixes.bullets, '').replace(prefixes.numbers, '');
    return format === 'bullets' ? `- ${plain}` : `${++number}. ${plain}`;
  };
  const by = given.map(line => (isOn ? line.replace(prefixes[format], '') : put(line))).join('\n');
  return { isOn, edit: { from: start, to: start + given.join('\n').length, by, select: [start, start + by.length] } };
}
