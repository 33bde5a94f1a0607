import { parseInline } from './inline.ts';
import type { Align, Block, Inline, Item, Row } from './tree.ts';

/** So deep may quotes and lists stand in each other; beyond, their marks are characters. */
const maxDepth = 6;
const columnsMax = 30;

const fence = /^ {0,3}(`{3,})([^`]*)$/;
const languageWord = /^[\w+#.-]{1,32}$/;
const quoted = /^ {0,3}>(?: |$)/;
const listed = /^( {0,3})([-*+•]|\d{1,9}[.)])( {1,4})(?=\S)/;
const blank = /^\s*$/;
const indentOf = (line: string) => line.length - line.trimStart().length;

/** A part of the lines that belongs together, and the line after it. */
interface Read {
  readonly block: Block;
  readonly next: number;
}

/** Reads a message. Headings, rules and HTML are not among its marks: they stay as they were written. */
export const parseMarkdown = (text: string): readonly Block[] => blocksOf(text.split('\n'), 0);

function blocksOf(lines: readonly string[], depth: number): readonly Block[] {
  const blocks: Block[] = [];
  let plain: string[] = [];
  const flush = () => {
    const of = paragraph(plain);
    if (of.length > 0) blocks.push({ kind: 'paragraph', of });
    plain = [];
  };
  for (let at = 0; at < lines.length; ) {
    const read = codeAt(lines, at) ?? quoteAt(lines, at, depth) ?? listAt(lines, at, depth) ?? tableAt(lines, at);
    if (read) {
      flush();
      blocks.push(read.block);
      at = read.next;
    } else plain.push(lines[at++] ?? '');
  }
  flush();
  return blocks;
}

/** Lines as they are, the empty ones between them too. No mark reaches over an empty line. */
function paragraph(lines: readonly string[]): readonly Inline[] {
  const first = lines.findIndex(line => !blank.test(line));
  const last = lines.findLastIndex(line => !blank.test(line));
  const parts: Inline[] = [];
  let run: string[] = [];
  const flush = () => {
    if (run.length > 0) parts.push(...parseInline(run.join('\n')));
    run = [];
  };
  for (const line of first < 0 ? [] : lines.slice(first, last + 1)) {
    if (blank.test(line)) {
      flush();
      parts.push({ kind: 'text', text: '\n' });
    } else {
      if (run.length === 0 && parts.length > 0) parts.push({ kind: 'text', text: '\n' });
      run.push(line);
    }
  }
  flush();
  return parts;
}

/** Three backticks and more; ends with as many, on a line of their own or behind the last one, or with the text. */
function codeAt(lines: readonly string[], at: number): Read | undefined {
  const [, ticks, info = ''] = fence.exec(lines[at] ?? '') ?? [];
  if (ticks === undefined) return undefined;
  const word = info.trim();
  const language = languageWord.test(word) && at + 1 < lines.length ? word : '';
  const code: string[] = language === '' && word !== '' ? [info] : [];
  for (let next = at + 1; next < lines.length; next++) {
    const line = lines[next] ?? '';
    const end = line.trimEnd();
    if (!end.endsWith(ticks)) {
      code.push(line);
      continue;
    }
    const rest = end.slice(0, end.length - ticks.length);
    if (rest.endsWith('`')) code.push(line);
    else {
      if (!blank.test(rest)) code.push(rest);
      return { block: { kind: 'code', language, text: code.join('\n') }, next: next + 1 };
    }
  }
  return { block: { kind: 'code', language, text: code.join('\n') }, next: lines.length };
}

function quoteAt(lines: readonly string[], at: number, depth: number): Read | undefined {
  if (depth >= maxDepth) return undefined;
  let next = at;
  while (next < lines.length && quoted.test(lines[next] ?? '')) next++;
  if (next === at) return undefined;
  const inner = lines.slice(at, next).map(line => line.replace(quoted, ''));
  return { block: { kind: 'quote', of: blocksOf(inner, depth + 1) }, next };
}

/** Points one after the other, each with the lines below it that are further in. */
function listAt(lines: readonly string[], at: number, depth: number): Read | undefined {
  const begun = depth < maxDepth ? listed.exec(lines[at] ?? '') : null;
  if (!begun) return undefined;
  const numbered = /\d/.test(begun[2] ?? '');
  const items: Item[] = [];
  let next = at;
  for (;;) {
    const point = listed.exec(lines[next] ?? '');
    if (!point || /\d/.test(point[2] ?? '') !== numbered) break;
    const indent = point[1]?.length ?? 0;
    const inner = [(lines[next] ?? '').slice(point[0].length)];
    next++;
    for (; next < lines.length; next++) {
      const line = lines[next] ?? '';
      // An empty line belongs to the point where it goes on after it.
      const goesOn = blank.test(line) ? lines[next + 1] : line;
      if (goesOn === undefined || blank.test(goesOn) || indentOf(goesOn) < indent + 2) break;
      inner.push(line.slice(Math.min(indentOf(line), point[0].length)));
    }
    const of = blocksOf(inner, depth + 1);
    items.push(numbered ? { number: Number.parseInt(point[2] ?? '', 10), of } : { of });
  }
  return { block: { kind: 'list', items }, next };
}

/** A line of cells, a line that says how they stand, then more lines of cells. */
function tableAt(lines: readonly string[], at: number): Read | undefined {
  const [first = '', second = ''] = [lines[at], lines[at + 1]];
  if (!first.includes('|') || !second.includes('|') || !second.includes('-')) return undefined;
  const rules = cells(second);
  const head = cells(first);
  if (rules.length > columnsMax || head.length !== rules.length || !rules.every(rule => /^:?-+:?$/.test(rule)))
    return undefined;
  let next = at + 2;
  while (next < lines.length && lines[next]?.includes('|')) next++;
  const row = (texts: readonly string[]): Row => texts.map(parseInline);
  // What is too much for the columns stays in the last one.
  const fitted = (texts: readonly string[]) => [
    ...texts.slice(0, head.length - 1),
    ...(texts.length < head.length ? texts.slice(head.length - 1) : [texts.slice(head.length - 1).join(' | ')]),
  ];
  const rows = lines.slice(at + 2, next).map(line => row(fitted(cells(line))));
  return { block: { kind: 'table', head: row(head), align: rules.map(alignOf), rows }, next };
}

const alignOf = (rule: string): Align => (rule.endsWith(':') ? (rule.startsWith(':') ? 'center' : 'end') : 'start');

/** Cells between upright lines; `\|` is a character. */
function cells(line: string): readonly string[] {
  const found: string[] = [];
  let from = 0;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === '|') {
      found.push(line.slice(from, at).trim());
      from = at + 1;
    }
  }
  found.push(line.slice(from).trim());
  if (found[0] === '') found.shift();
  if (found.at(-1) === '') found.pop();
  return found;
}
