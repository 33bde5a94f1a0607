export interface Range {
  readonly from: number;
  readonly to: number;
}
/** Letters before the first hit that are shown, and all in all. */
const leadMax = 80;
const shownMax = 320;

/** Which part of a text is shown: its beginning, or, of a long one, what is around the first hit. */
export function shownOf(text: string, ranges: readonly Range[]) {
  const first = ranges[0]?.from ?? 0;
  const begin = first > leadMax ? wordStart(text, first - leadMax) : 0;
  const end = text.length - begin > shownMax ? whole(text, begin + shownMax) : text.length;
  return { begin, end, cutBefore: begin > 0, cutAfter: end < text.length };
}

function wordStart(text: string, at: number): number {
  const space = text.indexOf(' ', at);
  return space === -1 || space > at + 30 ? whole(text, at) : space + 1;
}

/** Never between the two halves of a character. */
const whole = (text: string, at: number): number => (/[\uDC00-\uDFFF]/.test(text.charAt(at)) ? at - 1 : at);
