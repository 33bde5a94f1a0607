import { isPartable, lexemeAt, quote } from './document.ts';
import type { Term } from './terms.ts';

/** A search as PostgreSQL reads it, made of quoted lexemes only: nothing that people type is an operator. */
export const allOf = (queries: readonly string[]): string => queries.map(query => `(${query})`).join(' & ');
export const anyOf = (lexemes: readonly string[]): string => lexemes.map(quote).join(' | ');
export const noneOf = (query: string): string => `!(${query})`;

/** Words that stand for a single word: all that begin with it, where they are few enough to name, and some that hold it elsewhere. */
export interface Standing {
  readonly starts?: readonly string[] | undefined;
  readonly parts: readonly string[];
}

export function queryOf(term: Term, { starts, parts }: Standing): string {
  const others = term.last === 'part' ? [...parts, ...term.also] : [];
  if (!starts) return [phraseOf(term), ...(others.length > 0 ? [anyOf(others)] : [])].join(' | ');
  return anyOf([...new Set([...term.words.map(({ word }) => word), ...starts, ...others])]);
}

/** As if each word must be there as it is, and as if it may go on: what the points of a hit are counted by. */
export const wholeOf = (term: Term): string => phraseOf({ ...term, last: 'whole' });
export const startOf = (term: Term): string => phraseOf({ ...term, last: term.last === 'whole' ? 'whole' : 'start' });

function phraseOf({ words, last }: Term): string {
  let query = '';
  let before = 0;
  words.forEach((word, i) => {
    const alone = word.sign && !word.joins;
    if (alone && words[i - 1]?.joins) return; // the pair before has it
    const open = alone || (i === words.length - 1 && last !== 'whole' && isPartable(word));
    const lexeme = quote(lexemeAt(words, i)) + (open ? ':*' : '');
    query = query === '' ? lexeme : `${query} <${i - before}> ${lexeme}`;
    before = i;
  });
  return query;
}
