import { Fragment, type ReactNode, useMemo } from 'react';
import { type Leaf, leavesOf } from '../markdown/leaves.ts';
import styles from './Marked.module.css';
import { type Range, shownOf } from './shown.ts';

/** What a message says, its marks read, with what was found in it marked; a long one cut to what is around the first hit. */
export function MarkedText({ text, ranges }: { text: string; ranges: readonly Range[] }) {
  const found = ranges.map(({ from, to }) => text.slice(from, to)).join('\0');
  const leaves = useMemo(() => leavesOf(text), [text]);
  const marks = useMemo(() => placesOf(leaves, found.split('\0')), [leaves, found]);
  const { begin, end, cutBefore, cutAfter } = shownOf(leaves.map(leaf => leaf.text).join(''), marks);
  let at = 0;
  return (
    <>
      {cutBefore && '… '}
      {leaves.map((leaf, index) => {
        const from = Math.max(begin - at, 0);
        const to = Math.min(end - at, leaf.text.length);
        const inside = marks.map(mark => ({ from: mark.from - at, to: mark.to - at }));
        at += leaf.text.length;
        if (from >= to) return null;
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name.
        return <Fragment key={index}>{styled(leaf, lit(leaf.text, from, to, inside))}</Fragment>;
      })}
      {cutAfter && ' …'}
    </>
  );
}

function styled({ style }: Leaf, of: ReactNode): ReactNode {
  switch (style) {
    case 'bold':
      return <strong>{of}</strong>;
    case 'italic':
      return <em>{of}</em>;
    case 'strike':
      return <s>{of}</s>;
    case 'code':
      return <code>{of}</code>;
    case 'name':
      return <b>{of}</b>;
    default:
      return of;
  }
}

/** A part of a leaf, with what of the marks lies in it. */
function lit(text: string, begin: number, end: number, marks: readonly Range[]): ReactNode {
  const pieces: ReactNode[] = [];
  let at = begin;
  for (const mark of marks) {
    const from = Math.max(mark.from, at);
    const to = Math.min(mark.to, end);
    if (from >= to) continue;
    pieces.push(
      text.slice(at, from),
      <mark key={from} className={styles.mark}>
        {text.slice(from, to)}
      </mark>,
    );
    at = to;
  }
  return [...pieces, text.slice(at, end)];
}

/** Where what was found in the text as it was written stands in what is shown of it: in the same order. Addresses are not shown. */
function placesOf(leaves: readonly Leaf[], found: readonly string[]): Range[] {
  const shown = leaves.map(leaf => leaf.text).join('');
  const places: Range[] = [];
  for (const words of found) {
    const from = words === '' ? -1 : shown.indexOf(words, places.at(-1)?.to ?? 0);
    if (from >= 0) places.push({ from, to: from + words.length });
  }
  return places;
}
