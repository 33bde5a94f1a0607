import { parseMarkdown } from '../markdown/blocks.ts';
import type { Block, Inline, Style } from '../markdown/tree.ts';

/** `mark`: what stands for a format and is not shown once the message is sent. */
export type Look = Style | 'mark' | 'code' | 'link' | 'name' | 'quote';
/** A piece of what is being written, marks and all. Together they are the text. */
export interface Ink {
  readonly text: string;
  readonly looks: readonly Look[];
}

/** Words as they will be shown, in the order in which they stand in the text; or the address of a named link, to be passed over. */
type Leaf = { readonly words: string; readonly looks: readonly Look[] } | 'address';

/**
 * How a text looks while it is being written. What is read from it is found in it again, character by character; whatever lies
 * between is a mark.
 */
export function inkOf(text: string): readonly Ink[] {
  const looks: (readonly Look[])[] = new Array(text.length).fill(['mark']);
  let at = 0;
  for (const leaf of parseMarkdown(text).flatMap(block => leavesOf(block, []))) {
    if (leaf === 'address') {
      at = endOfAddress(text, at);
      continue;
    }
    for (let i = 0; i < leaf.words.length; i++) {
      const found = text.indexOf(leaf.words.charAt(i), at);
      if (found === -1) break;
      looks[found] = leaf.looks;
      at = found + 1;
    }
  }
  const inks: Ink[] = [];
  let from = 0;
  for (let to = 1; to <= text.length; to++) {
    const same = to < text.length && looks[to]?.join() === looks[from]?.join();
    if (same) continue;
    inks.push({ text: text.slice(from, to), looks: looks[from] ?? [] });
    from = to;
  }
  return inks;
}

function leavesOf(block: Block, looks: readonly Look[]): readonly Leaf[] {
  switch (block.kind) {
    case 'paragraph':
      return block.of.flatMap(node => inlineLeaves(node, looks));
    case 'code':
      return [{ words: block.text, looks: [...looks, 'code'] }];
    case 'quote':
      return block.of.flatMap(each => leavesOf(each, [...looks, 'quote']));
    case 'list':
      return block.items.flatMap(item => item.of.flatMap(each => leavesOf(each, looks)));
    case 'table':
      return [block.head, ...block.rows].flat(2).flatMap(node => inlineLeaves(node, looks));
  }
}

function inlineLeaves(node: Inline, looks: readonly Look[]): readonly Leaf[] {
  switch (node.kind) {
    case 'text':
      return [{ words: node.text, looks }];
    case 'code':
      return [{ words: node.text, looks: [...looks, 'code'] }];
    case 'mention':
      return [{ words: `@${node.name}`, looks: [...looks, 'name'] }];
    case 'channel':
      return [{ words: `#${node.name}`, looks: [...looks, 'name'] }];
    default: {
      const inner = node.of.flatMap(each => inlineLeaves(each, [...looks, node.kind]));
      return node.kind === 'link' && node.named ? [...inner, 'address'] : inner;
    }
  }
}

/** Behind `](…)`, if it stands there. */
function endOfAddress(text: string, from: number): number {
  const begin = text.indexOf('](', from);
  let depth = 0;
  for (let at = begin + 2; begin !== -1 && at < text.length; at++) {
    if (text[at] === '(') depth++;
    if (text[at] === ')' && depth-- === 0) return at + 1;
  }
  return from;
}
