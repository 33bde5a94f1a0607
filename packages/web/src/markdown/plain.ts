import { parseMarkdown } from './blocks.ts';
import type { Block, Inline, Row } from './tree.ts';

/** Stands for what a spoiler hides. */
export const hidden = '▮▮▮▮▮';

const inlineText = (nodes: readonly Inline[]): string => nodes.map(nodeText).join('');

function nodeText(node: Inline): string {
  switch (node.kind) {
    case 'text':
    case 'code':
      return node.text;
    case 'mention':
      return `@${node.name}`;
    case 'channel':
      return `#${node.name}`;
    case 'spoiler':
      return hidden;
    default:
      return inlineText(node.of);
  }
}

const rowText = (row: Row) => row.map(inlineText).join(' ');

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return inlineText(block.of);
    case 'code':
      return block.text;
    case 'quote':
      return block.of.map(blockText).join(' ');
    case 'list':
      return block.items
        .map(({ number, of }) => `${number === undefined ? '•' : `${number}.`} ${of.map(blockText).join(' ')}`)
        .join(' ');
    case 'table':
      return [block.head, ...block.rows].map(rowText).join(' ');
  }
}

/** What a text says, in one line without its marks, for lists, quotes and ears. Spoilers stay hidden. */
export const plainText = (text: string): string =>
  parseMarkdown(text).map(blockText).join(' ').replace(/\s+/gu, ' ').trim();

/** The first `chars` of it; not more is read than can be shown. */
export const preview = (text: string, chars = 200): string => plainText(text.slice(0, chars * 2)).slice(0, chars);
