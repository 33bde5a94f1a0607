import type { Highlight, Id, Message, SearchFind } from '@carpenter/protocol';
import { type Word, wordsOf } from './words.ts';

/** A part of a message that is searched: its text, the name or description of a file, an answer of a poll; among files also what they are. */
export interface Field {
  readonly in: Highlight['in'] | 'kind';
  /** Which file, or which answer. */
  readonly index?: number;
  readonly text: string;
}

export function fieldsOf(message: Message, find: SearchFind = 'messages'): Field[] {
  const { text, attachments = [], poll } = message;
  const files = [
    ...attachments.map(({ name }, index) => ({ in: 'name' as const, index, text: name })),
    ...attachments.flatMap(({ alt }, index) => (alt === undefined ? [] : [{ in: 'alt' as const, index, text: alt }])),
  ];
  const kinds = attachments.map(({ kind, mediaType }, index) => ({
    in: 'kind' as const,
    index,
    text: `${kind} ${mediaType}`,
  }));
  if (find === 'files') return [...files, ...kinds];
  return [
    { in: 'text', text },
    ...files,
    ...(poll?.options ?? []).map((option, index) => ({ in: 'option' as const, index, text: option.text })),
  ];
}

/** What can be said of a message in one word, beside what it says. Written with a stroke, which no word has. */
export const marks = {
  root: (id: Id): string => `/c${short(id)}`,
  sender: (id: Id): string => `/f${short(id)}`,
  mentions: (whom: string): string => `/@${whom.length > 10 ? short(whom) : whom}`,
  /** @param at ISO 8601; its day, in UTC */
  day: (at: string): string => `/d${at.slice(0, 10)}`,
  month: (at: string): string => `/m${at.slice(0, 7)}`,
  has: (what: string): string => `/h${what}`,
  is: (what: string): string => `/i${what}`,
} as const;

// The random end of an id: two may look alike in the index, the columns beside it decide.
const short = (id: Id): string => id.slice(-10);

const aLink = /\bhttps?:\/\/[^\s/]/i;
const someCode = /`[^`]+`/;

/** @param root the conversation whose members may read it: of a thread its parent */
export function marksOf(message: Message, root: Id): string[] {
  const { conversationId, text, attachments = [], createdAt } = message;
  const inThread = message.thread !== undefined || message.fromThread !== undefined || root !== conversationId;
  return [
    marks.root(root),
    marks.sender(message.sender),
    marks.day(createdAt),
    marks.month(createdAt),
    ...(message.mentions ?? []).map(marks.mentions),
    ...(aLink.test(text) ? [marks.has('link')] : []),
    ...(someCode.test(text) ? [marks.has('code')] : []),
    ...(attachments.length > 0 ? [marks.has('file')] : []),
    ...(attachments.some(({ kind }) => kind === 'image') ? [marks.has('image')] : []),
    ...(attachments.some(({ kind }) => kind === 'video') ? [marks.has('video')] : []),
    ...(attachments.some(({ kind }) => kind === 'audio' || kind === 'voice') ? [marks.has('audio')] : []),
    ...(message.pinnedAt === undefined ? [] : [marks.is('pinned')]),
    ...(inThread ? [marks.is('thread')] : []),
  ];
}

/** PostgreSQL counts no further; phrases behind it are not found as phrases. */
const placeMax = 16_383;
/** Between two fields, so that no phrase reaches over. */
const fieldGap = 100;

/**
 * What an index entry holds: a `tsvector` as text, one of its files alone where it has some, and the words that parts and typing
 * errors are looked up in.
 */
export interface Entry {
  readonly vector: string;
  readonly files?: string;
  readonly words: readonly string[];
}

export function entryOf(message: Message, root: Id): Entry {
  const its = marksOf(message, root);
  const all = vectorOf(fieldsOf(message), its);
  if (!message.attachments?.length) return all;
  const files = vectorOf(fieldsOf(message, 'files'), its);
  return { vector: all.vector, files: files.vector, words: [...new Set([...all.words, ...files.words])] };
}

function vectorOf(fields: readonly Field[], its: readonly string[]): Entry {
  const places = new Map<string, number[]>();
  const vocabulary = new Set<string>();
  let offset = 1;
  for (const { text } of fields) {
    const words = wordsOf(text);
    words.forEach((word, i) => {
      const lexeme = lexemeAt(words, i);
      const at = Math.min(offset + i, placeMax);
      const known = places.get(lexeme);
      if (known) known.push(at);
      else places.set(lexeme, [at]);
      if (isPartable(word)) vocabulary.add(word.word);
    });
    offset += words.length + fieldGap;
  }
  const vector = [...places].map(([lexeme, at]) => `${quote(lexeme)}:${at.slice(0, 255).join(',')}`);
  return { vector: [...vector, ...its.map(quote)].join(' '), words: [...vocabulary] };
}

/** A word stands for itself; a sign of a script without spaces for the pair that it begins, the last one for itself. */
export function lexemeAt(words: readonly Word[], i: number): string {
  const word = words[i];
  return word === undefined ? '' : word.joins ? word.word + (words[i + 1]?.word ?? '') : word.word;
}

/** A word that is also found by a part of it. */
export const isPartable = ({ word, sign }: Pick<Word, 'word' | 'sign'>): boolean =>
  !sign && word.length >= 3 && word.length <= 40;

/** As PostgreSQL reads lexemes in `tsvector` and `tsquery`. */
export const quote = (lexeme: string): string => `'${lexeme.replace(/['\\]/g, found => found + found)}'`;
