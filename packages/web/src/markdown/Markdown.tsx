import { createElement, Fragment, type ReactNode, use, useMemo } from 'react';
import { addressOf } from '../place.ts';
import { parseMarkdown } from './blocks.ts';
import { CodeBlock } from './CodeBlock.tsx';
import styles from './Markdown.module.css';
import { NamesContext } from './names.ts';
import { SafeLink } from './SafeLink.tsx';
import { Spoiler } from './Spoiler.tsx';
import type { Block, Inline, Item } from './tree.ts';

/** A text with its marks read, as elements. What stands at its end goes on in its last line. */
export function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => parseMarkdown(text), [text]);
  return blocks.map((block, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name.
    <BlockView key={index} block={block} last={index === blocks.length - 1} />
  ));
}

function BlockView({ block, last }: { block: Block; last: boolean }) {
  switch (block.kind) {
    case 'paragraph':
      return createElement(last ? 'span' : 'div', undefined, inline(block.of));
    case 'code':
      return <CodeBlock language={block.language} text={block.text} />;
    case 'quote':
      return <blockquote className={styles.quote}>{blocks(block.of)}</blockquote>;
    case 'list':
      return <ListView items={block.items} />;
    case 'table':
      return <TableView {...block} />;
  }
}

const blocks = (all: readonly Block[]): ReactNode =>
  // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name.
  all.map((block, index) => <BlockView key={index} block={block} last={false} />);

function ListView({ items }: { items: readonly Item[] }) {
  const numbered = items[0]?.number !== undefined;
  const points = items.map(({ number, of }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name.
    <li key={index} value={number}>
      {blocks(of)}
    </li>
  ));
  return numbered ? <ol className={styles.list}>{points}</ol> : <ul className={styles.list}>{points}</ul>;
}

function TableView({ head, align, rows }: Extract<Block, { kind: 'table' }>) {
  return (
    <div className={styles.wide}>
      <table className={styles.table}>
        <thead>
          <tr>
            {head.map((cell, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name.
              <th key={column} scope="col" data-align={align[column]}>
                {inline(cell)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name.
            <tr key={index}>
              {row.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name.
                <td key={column} data-align={align[column]}>
                  {inline(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const inline = (nodes: readonly Inline[]): ReactNode =>
  // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name.
  nodes.map((node, index) => <Fragment key={index}>{one(node)}</Fragment>);

const characters = (nodes: readonly Inline[]): string =>
  nodes.map(node => ('of' in node ? characters(node.of) : 'text' in node ? node.text : node.name)).join('');

function one(node: Inline): ReactNode {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'code':
      return <code className={styles.code}>{node.text}</code>;
    case 'bold':
      return <strong className={styles.bold}>{inline(node.of)}</strong>;
    case 'italic':
      return <em>{inline(node.of)}</em>;
    case 'strike':
      return <s>{inline(node.of)}</s>;
    case 'spoiler':
      return <Spoiler>{inline(node.of)}</Spoiler>;
    case 'link':
      return (
        <SafeLink href={node.href} named={node.named} shown={characters(node.of)}>
          {inline(node.of)}
        </SafeLink>
      );
    case 'mention':
      return <Mention name={node.name} />;
    case 'channel':
      return <Channel name={node.name} />;
  }
}

function Mention({ name }: { name: string }) {
  const names = use(NamesContext);
  const person = names?.person(name.toLowerCase());
  if (!person) return `@${name}`;
  return (
    <bdi className={styles.mention} data-me={person.id === names?.me || undefined} title={`@${name}`}>
      @{person.displayName}
    </bdi>
  );
}

function Channel({ name }: { name: string }) {
  const channel = use(NamesContext)?.channel(name);
  if (!channel) return `#${name}`;
  const href = new URL(addressOf({ at: 'conversation', id: channel.id, details: false }), location.origin).href;
  return (
    <SafeLink href={href} named={false} shown={href}>
      <bdi>#{channel.title}</bdi>
    </SafeLink>
  );
}
