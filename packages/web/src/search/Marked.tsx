import { Fragment } from 'react';
import styles from './Marked.module.css';
import { type Range, shownOf } from './shown.ts';

/** A text as it is, with what was found in it marked; a long one cut to what is around the first hit. */
export function Marked({ text, ranges }: { text: string; ranges: readonly Range[] }) {
  const { begin, end, cutBefore, cutAfter } = shownOf(text, ranges);
  const shown = ranges.filter(({ from, to }) => from >= begin && to <= end);
  return (
    <>
      {cutBefore && '… '}
      {shown.map(({ from, to }, i) => (
        <Fragment key={from}>
          {text.slice(shown[i - 1]?.to ?? begin, from)}
          <mark className={styles.mark}>{text.slice(from, to)}</mark>
        </Fragment>
      ))}
      {text.slice(shown.at(-1)?.to ?? begin, end)}
      {cutAfter && ' …'}
    </>
  );
}
