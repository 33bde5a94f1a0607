import type { Highlight, MediaKind, Message, SearchFind, SearchHas, SearchTerm } from '@carpenter/protocol';
import { type Field, fieldsOf, isPartable } from './document.ts';
import { type Word, wordsOf } from './words.ts';

/** What one term of a search asks for, and what may stand for it. */
export interface Term {
  readonly not: boolean;
  /** In this order, side by side. */
  readonly words: readonly Word[];
  /** How the last word is meant: as it is, as a beginning, or as a part. */
  readonly last: 'whole' | 'start' | 'part';
  /** Words that are taken for it too, as it may have a typing error; only where `last` is `part`. */
  readonly also: readonly string[];
}

/** Terms without any letter, digit or emoji in them ask for nothing. */
export function termsOf(terms: readonly SearchTerm[]): Term[] {
  return terms.flatMap(({ text, exact, not }) => {
    const words = wordsOf(text);
    const last = words.at(-1);
    if (!last) return [];
    const whole = exact || !isPartable(last);
    // Whoever says what must not be there does not mean all words that it is a part of.
    return [{ not, words, last: whole ? 'whole' : words.length === 1 && !not ? 'part' : 'start', also: [] }];
  });
}

/** How well it fits: undefined, not at all. Words that are there as they are count two, beginnings one, parts and errors nothing. */
export function pointsOf(terms: readonly Term[], message: Message, find?: SearchFind): number | undefined {
  return pointsIn(terms, fieldsOf(message, find));
}

function pointsIn(terms: readonly Term[], fields: readonly Field[]): number | undefined {
  const texts = fields.map(({ text }) => wordsOf(text));
  let points = 0;
  for (const term of terms) {
    const fits = Math.max(...texts.map(words => fit(term, words)));
    if (fits >= 0 === term.not) return undefined;
    if (!term.not) points += fits;
  }
  return points;
}

/** More are not shown: a text of nothing but the word would come with ten times its own length of them. */
const highlightsMax = 100;

/** Where in a message the terms were found, in order: the first hundred places. */
export function highlightsOf(terms: readonly Term[], message: Message, find?: SearchFind): Highlight[] {
  const all = fieldsOf(message, find).flatMap(field => {
    const { in: where, index } = field;
    if (where === 'kind') return []; // not shown as it is
    const words = wordsOf(field.text);
    const hit = new Set(terms.flatMap(term => (term.not ? [] : places(term, words))));
    return mergedRanges(words, hit).map(range => ({
      in: where,
      ...(index !== undefined && { index }),
      ...range,
    }));
  });
  return all.slice(0, highlightsMax);
}

/**
 * Which of its files are meant: of the kinds asked for, those that all terms fit, else those that one does. Files that were sent
 * together are found together, so none of these need be there.
 */
export function filesOf(terms: readonly Term[], has: readonly SearchHas[], { attachments = [], ...message }: Message) {
  const indexes = attachments.map((_, index) => index);
  const fields = fieldsOf({ ...message, attachments }, 'files');
  const fitting = (among: readonly number[], some: readonly Term[]) =>
    among.filter(
      at =>
        pointsIn(
          some,
          fields.filter(({ index }) => index === at),
        ) !== undefined,
    );
  const ofKind = indexes.filter(at => has.some(what => isOf(what, attachments[at]?.kind)));
  const offered = ofKind.length > 0 ? ofKind : indexes;
  const whole = fitting(offered, terms);
  if (whole.length > 0) return whole;
  const partly = new Set(terms.filter(term => !term.not).flatMap(term => fitting(offered, [term])));
  return partly.size > 0 ? offered.filter(at => partly.has(at)) : offered;
}
/** `has:file` is no kind: whatever is sent with a message is one. */
const isOf = (has: SearchHas, kind: MediaKind | undefined) =>
  has !== 'file' && (kind === has || (kind === 'voice' && has === 'audio'));

/** Signs side by side become one range. */
function mergedRanges(words: readonly Word[], hit: ReadonlySet<number>): { from: number; to: number }[] {
  const ranges: { from: number; to: number }[] = [];
  words.forEach(({ from, to }, i) => {
    if (!hit.has(i)) return;
    const before = ranges.at(-1);
    if (before?.to === from) ranges[ranges.length - 1] = { from: before.from, to };
    else ranges.push({ from, to });
  });
  return ranges;
}

/** -1: not there. */
function fit(term: Term, words: readonly Word[]): number {
  let best = -1;
  for (let i = 0; best < 2 && i + term.words.length <= words.length; i++) best = Math.max(best, fitAt(term, words, i));
  return best;
}

/** Each word once, also where finds overlap. */
function places(term: Term, words: readonly Word[]): number[] {
  const found: number[] = [];
  for (let i = 0; i + term.words.length <= words.length; i++) {
    if (fitAt(term, words, i) < 0) continue;
    for (let k = Math.max(i, (found.at(-1) ?? -1) + 1); k < i + term.words.length; k++) found.push(k);
  }
  return found;
}

function fitAt(term: Term, words: readonly Word[], i: number): number {
  const end = term.words.length - 1;
  for (let k = 0; k <= end; k++) {
    const asked = term.words[k];
    const found = words[i + k];
    if (!asked || !found || (asked.joins && !found.joins)) return -1;
    if (k === end) return fitLast(term, asked, found);
    if (asked.word !== found.word) return -1;
  }
  return -1;
}

function fitLast({ last, also }: Term, asked: Word, found: Word): number {
  if (asked.word === found.word) return 2;
  if (last === 'whole' || found.sign) return -1;
  if (found.word.startsWith(asked.word)) return 1;
  if (last === 'start') return -1;
  return (isPartable(found) && found.word.includes(asked.word)) || also.includes(found.word) ? 0 : -1;
}
