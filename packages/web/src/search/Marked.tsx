import { Fragment } from 'react';
import styles from './Marked.module.css';

interface Range {
  readonly from: number;
  readonly to: number;
}
/** Letters before the first hit that are shown, and all in all. */
const leadMax = 80;
const shownMax = 320;

/** A text with what was found in it marked; a long one cut to what is around the first hit. */
export function Marked({ text, ranges }: { text: string; ranges: readonly Range[] }) {
  const first = ranges[0]?.from ?? 0;
  const begin = first > leadMax ? wordStart(text, first - leadMax) : 0;
  const end = text.length - begin > shownMax ? begin + shownMax : text.length;
  const shown = ranges.filter(({ from, to }) => from >= begin && to <= end);
  return (
    <>
      {begin > 0 && '… '}
      {shown.map(({ from, to }, i) => (
        <Fragment key={from}>
          {text.slice(shown[i - 1]?.to ?? begin, from)}
          <mark className={styles.mark}>{text.slice(from, to)}</mark>
        </Fragment>
      ))}
      {text.slice(shown.at(-1)?.to ?? begin, end)}
      {end < text.length && ' …'}
    </>
  );
}

function wordStart(text: string, at: number): number {
  const space = text.indexOf(' ', at);
  return space === -1 || space > at + 30 ? at : space + 1;
}
