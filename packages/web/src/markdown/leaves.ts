import { parseMarkdown } from './blocks.ts';
import { hidden } from './plain.ts';
import type { Block, Inline, Row } from './tree.ts';

export type LeafStyle = 'bold' | 'italic' | 'strike' | 'code' | 'name' | 'hidden';
/** A piece of a text without its marks, and how it looks. */
export interface Leaf {
  readonly text: string;
  readonly style?: LeafStyle;
}

/** What a text says, in one line as its looks go: blocks follow one another, spoilers stay hidden, links show their words alone. */
export function leavesOf(text: string): Leaf[] {
  const blocks = parseMarkdown(text).map(blockLeaves);
  return joined(blocks).map(leaf => ({ ...leaf, text: leaf.text.replace(/\s+/gu, ' ') }));
}

const space: Leaf = { text: ' ' };
const joined = (parts: readonly (readonly Leaf[])[]): Leaf[] =>
  parts.filter(part => part.length > 0).flatMap((part, i) => (i === 0 ? part : [space, ...part]));

function blockLeaves(block: Block): readonly Leaf[] {
  switch (block.kind) {
    case 'paragraph':
      return inlineLeaves(block.of);
    case 'code':
      return [{ text: block.text.trim(), style: 'code' }];
    case 'quote':
      return joined(block.of.map(blockLeaves));
    case 'list':
      return joined(
        block.items.map(({ number, of }) => [
          { text: number === undefined ? '• ' : `${number}. ` },
          ...joined(of.map(blockLeaves)),
        ]),
      );
    case 'table':
      return joined([block.head, ...block.rows].map(rowLeaves));
  }
}

const rowLeaves = (row: Row): readonly Leaf[] => joined(row.map(cell => inlineLeaves(cell)));

const inlineLeaves = (nodes: readonly Inline[], style?: LeafStyle): readonly Leaf[] =>
  nodes.flatMap((node): readonly Leaf[] => {
    switch (node.kind) {
      case 'text':
        return [{ text: node.text, ...(style && { style }) }];
      case 'code':
        return [{ text: node.text, style: 'code' }];
      case 'mention':
        return [{ text: `@${node.name}`, style: 'name' }];
      case 'channel':
        return [{ text: `#${node.name}`, style: 'name' }];
      case 'spoiler':
        return [{ text: hidden, style: 'hidden' }];
      case 'link':
        return inlineLeaves(node.of, style);
      default:
        return inlineLeaves(node.of, node.kind);
    }
  });
