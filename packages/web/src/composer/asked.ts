import { parseMarkdown } from '../markdown/blocks.ts';
import type { Block, Inline } from '../markdown/tree.ts';

/** What is being written behind a sign that asks for a name. `stranger`: to be invited; `public`: a channel to be joined. */
export interface Asked {
  readonly kind: 'person' | 'channel' | 'emoji' | 'command' | 'stranger' | 'public';
  /** As typed, without the sign. */
  readonly query: string;
  /** Where the sign stands. */
  readonly from: number;
}

const before = /(?:^|[\s([{"'*_~|>])([@#:])([^\s@#:]{0,32})$/u;
const emojiBegins = /^[\p{L}\p{N}+_-]{2,}$/u;

/** What the caret stands behind, if names may be proposed there: not in code, and not within a word. */
export function askedAt(text: string, caret: number): Asked | undefined {
  if (/^\/\p{L}*$/u.test(text.slice(0, caret))) return { kind: 'command', query: text.slice(1, caret), from: 0 };
  const [found, sign, query = ''] = before.exec(text.slice(Math.max(0, caret - 40), caret)) ?? [];
  if (found === undefined || (sign !== '@' && sign !== '#' && sign !== ':')) return undefined;
  if (sign === ':' && !emojiBegins.test(query)) return undefined;
  return inCode(text.slice(0, caret)) ? undefined : { kind: kindOf(sign, text), query, from: caret - query.length - 1 };
}

/** Behind a command, others are meant than those that are here already. */
function kindOf(sign: '@' | '#' | ':', text: string): Asked['kind'] {
  if (sign === '@') return /^\/invite\s/i.test(text) ? 'stranger' : 'person';
  if (sign === '#') return /^\/join\s/i.test(text) ? 'public' : 'channel';
  return 'emoji';
}

/** Whether an emoji's name has just been closed by its second colon. */
export function closedEmoji(text: string, caret: number): { code: string; from: number } | undefined {
  const [found, code] = /(?:^|\s):([a-z0-9_+-]{1,40}):$/.exec(text.slice(Math.max(0, caret - 50), caret)) ?? [];
  if (found === undefined || code === undefined || inCode(text.slice(0, caret))) return undefined;
  return { code, from: caret - code.length - 2 };
}

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;
const inCode = (text: string) =>
  count(text, /^ {0,3}```/gm) % 2 === 1 || count(text.slice(text.lastIndexOf('\n') + 1), /`/g) % 2 === 1;

const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();

/** Whether a name answers to what was typed: one of its words begins so, without accents and capitals. */
export function begins(name: string, query: string): boolean {
  const asked = plain(query);
  const whole = plain(name);
  return whole.startsWith(asked) || whole.split(/[\s._-]+/u).some(word => word.startsWith(asked));
}

/** Whether a text calls everybody: `@here` or `@all`, not in code. */
export function callsAll(text: string): boolean {
  const inline = (nodes: readonly Inline[]): boolean =>
    nodes.some(node => {
      if (node.kind === 'mention') return /^(here|all)$/i.test(node.name);
      return 'of' in node && inline(node.of);
    });
  const block = (one: Block): boolean => {
    if (one.kind === 'paragraph') return inline(one.of);
    if (one.kind === 'quote') return one.of.some(block);
    if (one.kind === 'list') return one.items.some(item => item.of.some(block));
    return one.kind === 'table' && [one.head, ...one.rows].some(row => row.some(inline));
  };
  return /@(here|all)/i.test(text) && parseMarkdown(text).some(block);
}
