import { type Found, hrefOf, linksIn } from './links.ts';
import type { Inline, Style } from './tree.ts';

const special = /[\\`*_~|[\]@#¯]/g;
/** A letter of a script that puts spaces between words: there a mark inside a word is no mark. */
const inWord = /[\p{L}\p{N}]/u;
const spaceless = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const escapable = /[!-/:-@[-`{-~]/;
const mention = /@[a-z0-9_.-]{3,32}/iy;
const channel = /#[\p{L}\p{N}_-]{1,64}/uy;
const beforeName = /[\p{L}\p{N}_@#/&]/u;
const shrug = '¯\\_(ツ)_/¯';

const styles: Readonly<Record<string, Style>> = {
  '*': 'italic',
  _: 'italic',
  '**': 'bold',
  __: 'bold',
  '~~': 'strike',
  '||': 'spoiler',
};
/** So deep may marks stand in each other; beyond, they are characters. */
const maxDepth = 16;
const addressMax = 2_048;

interface Opener {
  readonly mark: string;
  /** Where its characters stand among the nodes, as text until they are matched. */
  readonly at: number;
  dead: boolean;
}

const isWord = (char: string | undefined) => char !== undefined && inWord.test(char) && !spaceless.test(char);
const isSpace = (char: string | undefined) => char === undefined || /\s/u.test(char);
const charBefore = (text: string, at: number): string | undefined => {
  const unit = text.charCodeAt(at - 1);
  return at === 0 ? undefined : text.slice(unit >= 0xdc00 && unit <= 0xdfff ? at - 2 : at - 1, at);
};
const charAt = (text: string, at: number): string | undefined => {
  const point = text.codePointAt(at);
  return point === undefined ? undefined : String.fromCodePoint(point);
};

/**
 * Reads the marks within lines. Each character is looked at a fixed number of times, whatever the text: marks that match
 * nothing are characters, and no mark is searched for twice.
 */
export function parseInline(text: string): readonly Inline[] {
  const nodes: Inline[] = [];
  const depths: number[] = [];
  const openers: Opener[] = [];
  const open = new Map<string, Opener[]>();
  const links = linksIn(text);
  const ticks = tickRuns(text);
  let nextLink = 0;
  let deepest = -1; // the last node that is as deep as it may be
  let done = 0; // all before it is in `nodes`
  let at = 0;

  const push = (node: Inline, depth = 0) => {
    nodes.push(node);
    depths.push(depth);
  };
  const flush = (to: number) => {
    if (to > done) push({ kind: 'text', text: text.slice(done, to) });
    done = to;
  };
  /** A node that stands for everything up to `to`. */
  const take = (node: Inline, to: number) => {
    flush(at);
    push(node);
    at = to;
    done = to;
  };
  const begin = (mark: string) => {
    const opener = { mark, at: nodes.length, dead: false };
    push({ kind: 'text', text: mark });
    openers.push(opener);
    const same = open.get(mark);
    if (same) same.push(opener);
    else open.set(mark, [opener]);
  };
  const lastOpen = (mark: string) => open.get(mark)?.at(-1);
  /** What was opened behind it and not closed stays characters. */
  const dropTo = (opener: Opener) => {
    for (let last = openers.pop(); last; last = openers.pop()) {
      if (!last.dead) open.get(last.mark)?.pop();
      if (last === opener) return;
    }
  };
  const wrap = (opener: Opener, make: (of: readonly Inline[]) => Inline): boolean => {
    dropTo(opener);
    if (opener.at < deepest || nodes.length === opener.at + 1) return false;
    const depth = 1 + depths.splice(opener.at + 1).reduce((most, each) => Math.max(most, each), 0);
    const of = nodes.splice(opener.at + 1);
    nodes[opener.at] = make(compact(of));
    depths[opener.at] = depth;
    if (depth === maxDepth) deepest = opener.at;
    return true;
  };

  /** `*`, `**`, `***` and their like: closes what it can, opens with what is left. */
  const marks = (char: string, length: number) => {
    const before = charBefore(text, at);
    const after = charAt(text, at + length);
    flush(at);
    at += length;
    done = at;
    const most = char === '*' || char === '_' ? 3 : 2;
    let left = length;
    if (length > most || (most === 2 && length !== 2)) {
      push({ kind: 'text', text: char.repeat(length) });
      return;
    }
    const loose = char === '*' && length > 1; // **bold**ness
    if (!isSpace(before) && (loose || !isWord(after)))
      while (left > 0) {
        const one = most === 3 ? lastOpen(char) : undefined;
        const two = left > 1 ? lastOpen(char + char) : undefined;
        const opener = one && two ? (one.at > two.at ? one : two) : (one ?? two);
        const style = opener && styles[opener.mark];
        if (!opener || !style) break;
        left -= opener.mark.length;
        if (!wrap(opener, of => ({ kind: style, of }))) push({ kind: 'text', text: opener.mark });
      }
    const opens = !isSpace(after) && (loose || !isWord(before));
    while (left > 0) {
      const mark = char.repeat(Math.min(2, left));
      left -= mark.length;
      if (opens) begin(mark);
      else push({ kind: 'text', text: mark });
    }
  };

  const closeBracket = () => {
    const opener = lastOpen('[');
    const target = opener && text[at + 1] === '(' ? destination(text, at + 2) : undefined;
    if (!opener) return;
    if (!target) {
      opener.dead = true;
      open.get('[')?.pop();
      return;
    }
    flush(at);
    const { href, to } = target;
    if (!wrap(opener, of => ({ kind: 'link', href, named: true, of: of.flatMap(unlinked) }))) return;
    at = to;
    done = to;
  };

  while (at < text.length) {
    special.lastIndex = at;
    const found = special.exec(text)?.index ?? text.length;
    while ((links[nextLink]?.from ?? text.length) < at) nextLink++;
    const link: Found | undefined = links[nextLink];
    if (link && link.from <= found) {
      at = link.from;
      const shown = text.slice(link.from, link.to);
      take({ kind: 'link', href: link.href, named: false, of: [{ kind: 'text', text: shown }] }, link.to);
      continue;
    }
    at = found;
    const char = text[at];
    if (char === undefined) break;
    const start = at;
    if (char === '`') {
      const run = ticks.get(at);
      if (run?.close === undefined) at += run?.length ?? 1;
      else take({ kind: 'code', text: unpadded(text.slice(at + run.length, run.close)) }, run.close + run.length);
    } else if (char === '\\') {
      const next = text[at + 1];
      if (next !== undefined && escapable.test(next)) take({ kind: 'text', text: next }, at + 2);
    } else if (char === '[') {
      flush(at);
      begin('[');
      at++;
      done = at;
    } else if (char === ']') closeBracket();
    else if (char === '@' || char === '#') {
      const name = nameAt(text, at, char);
      if (name) take({ kind: char === '@' ? 'mention' : 'channel', name }, at + 1 + name.length);
    } else if (char === '¯') {
      if (text.startsWith(shrug, at)) take({ kind: 'text', text: shrug }, at + shrug.length);
    } else {
      let end = at;
      while (text[end] === char) end++;
      marks(char, end - at);
    }
    if (at === start) at++;
  }
  flush(text.length);
  return compact(nodes);
}

function nameAt(text: string, at: number, char: '@' | '#'): string | undefined {
  const before = charBefore(text, at);
  if (before !== undefined && beforeName.test(before) && !spaceless.test(before)) return undefined;
  const pattern = char === '@' ? mention : channel;
  pattern.lastIndex = at;
  const name =
    pattern
      .exec(text)?.[0]
      .slice(1)
      .replace(/[.-]+$/, '') ?? '';
  if (char === '@') return name.length < 3 ? undefined : name;
  return /\p{L}/u.test(name) ? name : undefined;
}

/** Runs of backticks, by where they begin, and where the next run of the same length is. */
function tickRuns(text: string): ReadonlyMap<number, { length: number; close: number | undefined }> {
  const runs = new Map<number, { length: number; close: number | undefined }>();
  const waiting = new Map<number, { close: number | undefined }>();
  for (const { index, 0: run } of text.matchAll(/`+/g)) {
    const here = { length: run.length, close: undefined };
    const before = waiting.get(run.length);
    if (before) before.close = index;
    runs.set(index, here);
    waiting.set(run.length, here);
  }
  return runs;
}

/** One space at both ends lets a code begin or end with a backtick. */
const unpadded = (code: string) =>
  code.startsWith(' ') && code.endsWith(' ') && code.trim() !== '' ? code.slice(1, -1) : code;

/** `…)` after `](`: an address without white space. Few brackets in it, so that no text is read again and again. */
function destination(text: string, from: number): { href: string; to: number } | undefined {
  let depth = 0;
  for (let to = from; to < text.length && to - from <= addressMax; to++) {
    const char = text[to];
    if (char === ')' && depth === 0) {
      const href = hrefOf(text.slice(from, to));
      return href === undefined ? undefined : { href, to: to + 1 };
    }
    if (char === '(' && ++depth > 3) return undefined;
    if (char === ')') depth--;
    if (isSpace(char)) return undefined;
  }
  return undefined;
}

/** No link inside a link. */
const unlinked = (node: Inline): readonly Inline[] => {
  if (node.kind === 'link') return node.of;
  return 'of' in node ? [{ kind: node.kind, of: node.of.flatMap(unlinked) }] : [node];
};

/** Neighbouring texts as one. */
function compact(nodes: readonly Inline[]): readonly Inline[] {
  const joined: Inline[] = [];
  let run: string[] = [];
  const flush = () => {
    if (run.length > 0) joined.push({ kind: 'text', text: run.join('') });
    run = [];
  };
  for (const node of nodes) {
    if (node.kind === 'text') run.push(node.text);
    else {
      flush();
      joined.push(node);
    }
  }
  flush();
  return joined;
}
