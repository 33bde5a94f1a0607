import {
  codePoints,
  fixed,
  type Id,
  type Message,
  parseSearch,
  refuse,
  type SearchAnswer,
  type SearchFind,
  type SearchQuery,
  type SearchSort,
  searchFilters,
  searchSort,
  time,
  withFilter,
} from '@carpenter/protocol';
import { z } from 'zod';
import type { Actor } from '../auth/actor.ts';
import { entryOf, marks } from '../search/document.ts';
import { inTurns } from '../search/in-turns.ts';
import { type Span, spanOf } from '../search/span.ts';
import { filesOf, highlightsOf, pointsOf, type Term, termsOf } from '../search/terms.ts';
import { allOf, anyOf, noneOf, queryOf, type Standing, startOf, wholeOf } from '../search/tsquery.ts';
import { isTypo, typoRange } from '../search/vocabulary.ts';
import { findBehind } from '../store/aside.ts';
import type { Connection } from '../store/database.ts';
import { seenBy } from '../store/guests.ts';
import {
  conversationsByIds,
  type FoundMessage,
  type HitPlace,
  indexedHits,
  messagesAtPlaces,
  notIndexed,
  rootsReadBy,
  roughlyMatching,
  wordsFrom,
  wordsLike,
  wordsWith,
} from '../store/search.ts';
import { usersByIds } from '../store/users.ts';
import { withinChars } from '../store/within-chars.ts';
import type { Chat } from './chat.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { fits, type Limits, limitsOf } from './search-filters.ts';

export interface SearchInput extends Partial<Record<(typeof searchFilters)[number], string | undefined>> {
  readonly q: string;
  readonly find: SearchFind;
  readonly sort: SearchSort;
  readonly zone: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** The last moment that JavaScript knows. */
const latest = 8.64e15;
/** Where a page ended. `t`: what it was searched up to, so that the best of the first page are among those of the second. */
const place = z.object({
  s: searchSort,
  p: z.int32(),
  a: time,
  c: z.uuid(),
  n: z.int(),
  t: z.int().min(0).max(latest),
  e: z.literal(1).optional(),
});

/** More conversations than this are not named to the index; who may see what is decided beside it in any case. */
const rootsNamedMax = 200;
/** Words in all terms together; of a script without spaces each sign is one. */
const wordsMax = 64;
const dayMs = 86_400_000;

/**
 * Messages, or files in them, by words and filters: what the index knows, and what it does not know yet. What is found is compared
 * once more with the message as it is now, so an edit or a deletion counts at once.
 * @throws {Refusal} search.too_wide, search.too_long, search.filter_unknown, cursor.invalid, rate.exceeded
 */
export async function search(chat: Chat, actor: Actor, input: SearchInput): Promise<SearchAnswer> {
  const query = read(input);
  const after = readCursor(input.cursor, place);
  await chat.allowances.spend('search', actor.userId);
  const now = Date.now();
  const until = after?.t ?? now + dayMs; // clocks of several nodes differ
  const limits = await limitsOf(chat.store.db, actor, query);
  const asked: Asked = {
    chat,
    actor,
    find: input.find,
    terms: termsOf(query.terms),
    limits,
    span: within(spanOf(query, input.zone, now), until),
    sort: input.sort,
    after: after && { points: after.p, at: after.a, conversationId: after.c, seq: after.n },
    limit: input.limit,
    tail: await tailOf(chat, actor),
  };
  if (after?.e) return answer(await withTypos(asked), until, true);
  const page = await find(asked);
  if (page.hits.length > 0 || after) return answer(page, until);
  const tolerant = await withTypos(asked);
  return tolerant.hits.length > 0 ? answer(tolerant, until, true) : answer(page, until);
}

function read({ q, find, sort: _, zone: __, limit: ___, cursor: ____, ...filters }: SearchInput): SearchQuery {
  const { searchMaxChars: maxChars, searchMaxTerms: maxTerms } = fixed;
  if (q.length > maxChars && codePoints(q) > maxChars) refuse('search.too_long', { maxChars, maxTerms });
  let query = parseSearch(plain(q));
  for (const filter of searchFilters) {
    const given = filters[filter];
    if (given !== undefined) query = withFilter(query, filter, plain(given).split(','));
  }
  const { terms, in: rooms, from, mentions, has, is, during, faults } = query;
  const [fault] = faults;
  if (fault) refuse('search.filter_unknown', { ...fault, value: fault.value.slice(0, 64) });
  const lists = [terms, rooms, from, mentions, has, is];
  if (lists.reduce((n, list) => n + list.length, 0) > maxTerms) refuse('search.too_long', { maxChars, maxTerms });
  const asked = termsOf(terms);
  // a page of hits is looked through word by word for each of these, on the event loop
  if (asked.reduce((n, { words }) => n + words.length, 0) > wordsMax) {
    refuse('search.too_long', { maxChars, maxTerms: wordsMax });
  }
  const narrow =
    find === 'files' || asked.some(term => !term.not) || during !== undefined || lists.slice(1).some(l => l.length > 0);
  if (!narrow) refuse('search.too_wide', {});
  return query;
}

/** PostgreSQL takes neither NUL nor half a character. */
const plain = (text: string): string => text.toWellFormed().replaceAll('\0', ' ');

const within = (span: Span, until: number): Span => ({ from: span.from, to: Math.min(span.to, until) });

interface Asked {
  readonly chat: Chat;
  readonly actor: Actor;
  readonly find: SearchFind;
  readonly terms: readonly Term[];
  readonly limits: Limits;
  readonly span: Span;
  readonly sort: SearchSort;
  readonly after: HitPlace | undefined;
  readonly limit: number;
  readonly tail: Awaited<ReturnType<typeof notIndexed>>;
}
interface Page {
  readonly asked: Asked;
  readonly hits: readonly { readonly place: HitPlace; readonly message: Message }[];
  readonly more: boolean;
  readonly filling: boolean;
}

/** What the index does not know yet, or not as it is now. */
async function tailOf({ store, indexing }: Chat, actor: Actor): Promise<Asked['tail']> {
  const behind = [...(indexing.behind() ?? (await findBehind(store.db, 'search')))];
  return notIndexed(store.db, actor.userId, behind);
}

/** One page. The index is asked after the tail was read: what moves from one to the other meanwhile is in both, not in none. */
async function find(asked: Asked): Promise<Page> {
  const { chat, actor, find: what, tail, span, sort, after, limit } = asked;
  const { db } = chat.store;
  const known = new Set(tail.found.map(({ message }) => keyOf(message)));
  const fresh = (await inTurns(tail.found, found => hitOf(asked, found))).filter(hit => hit !== undefined);
  const counted = sort === 'best' ? asked.terms.filter(term => !term.not) : [];
  const sought = {
    userId: actor.userId,
    find: what,
    query: await indexQuery(asked),
    counted: counted.flatMap(term => [wholeOf(term), startOf(term)]),
    sort,
    after,
    limit: limit + 1 + Math.min(known.size, limit),
  };
  let indexed: Awaited<ReturnType<typeof indexedHits>> = [];
  const common = (await roughlyMatching(db, sought.query, what)) > commonFrom;
  for (const window of common ? windowsOf(asked) : [always]) {
    const query = window.marks.length > 0 ? allOf([sought.query, anyOf(window.marks)]) : sought.query;
    indexed = await indexedHits(db, { ...sought, query, from: Math.max(span.from, window.from), to: span.to });
    if (indexed.length >= sought.limit) break;
  }
  const rest = indexed.filter(hit => !known.has(keyOf(hit)));
  const roots = new Map(rest.map(hit => [keyOf(hit), hit.rootId]));
  const messages = await messagesAtPlaces(db, rest);
  const old = (
    await inTurns(messages, message => hitOf(asked, { message, rootId: roots.get(keyOf(message)) ?? '' }))
  ).filter(hit => hit !== undefined);
  const hits = [...fresh.filter(hit => !after || compare(after, hit.place) < 0), ...old].sort((a, b) =>
    compare(a.place, b.place),
  );
  const page = withinChars(hits.slice(0, limit), ({ message }) => [message]);
  return { asked, hits: page, more: hits.length > page.length, filling: !tail.all };
}

const keyOf = ({ conversationId, seq }: { conversationId: Id; seq: number }) => `${conversationId}:${seq}`;

/** Undefined: it does not fit, as it is now. */
function hitOf(asked: Asked, { message, rootId }: FoundMessage): Page['hits'][number] | undefined {
  const { find, terms, limits, span, sort } = asked;
  const at = Date.parse(message.createdAt);
  if (message.type !== 'text' || message.deletedAt || at < span.from || at >= span.to) return undefined;
  if (find === 'files' && !message.attachments?.length) return undefined;
  if (!fits(limits, message, rootId)) return undefined;
  const points = pointsOf(terms, message, find);
  if (points === undefined) return undefined;
  const { conversationId, seq, createdAt } = message;
  return { place: { points: sort === 'best' ? points : 0, at: createdAt, conversationId, seq }, message };
}

/** In the order of the answer. */
function compare(a: HitPlace, b: HitPlace): number {
  if (a.points !== b.points) return b.points - a.points;
  if (a.at !== b.at) return a.at > b.at ? -1 : 1;
  if (a.conversationId !== b.conversationId) return a.conversationId > b.conversationId ? -1 : 1;
  return b.seq - a.seq;
}

async function indexQuery({ chat, actor, find, terms, limits }: Asked): Promise<string> {
  const { db } = chat.store;
  const words = await Promise.all(
    terms.map(async term => {
      const query = queryOf(term, await standingFor(db, term));
      return term.not ? noneOf(query) : query;
    }),
  );
  const roots = limits.roots ?? (await rootsReadBy(db, actor.userId));
  return allOf([
    ...(roots.length <= rootsNamedMax ? [roots.length > 0 ? anyOf(roots.map(marks.root)) : quoteNone] : []),
    ...words,
    ...(find === 'files' ? [anyOf([marks.has('file')])] : []), // so that something is asked for in any case
    ...(limits.from ? [anyOf(limits.from.map(marks.sender))] : []),
    ...limits.mentions.map(id => anyOf([marks.mentions(id), ...(id === actor.userId ? ['/@here', '/@all'] : [])])),
    ...limits.has.map(what => anyOf([marks.has(what)])),
    ...limits.is.map(what => anyOf([marks.is(what)])),
  ]);
}
async function standingFor(db: Connection, { words, last }: Term): Promise<Standing> {
  const [word, ...more] = words;
  if (!word || more.length > 0 || last === 'whole') return { parts: [] };
  const [starts, parts] = await Promise.all([
    wordsFrom(db, word.word),
    last === 'part' ? wordsWith(db, word.word) : [],
  ]);
  return { starts, parts };
}
/** A mark that nothing has. */
const quoteNone = `'/none'`;

interface Window {
  readonly from: number;
  readonly marks: readonly string[];
}
const always: Window = { from: 0, marks: [] };
/** Messages that the index would have to give out at once, from which on it is asked for the latest first. */
const commonFrom = 5_000;

/** The last week first, then the last months, then all: a page of what is common is full before all of it has been looked at. */
function windowsOf({ after, span }: Asked): Window[] {
  const end = Math.min(span.to, after ? Date.parse(after.at) : span.to, Date.now() + dayMs);
  const week = end - 7 * dayMs;
  const months = end - 90 * dayMs;
  const days = Array.from({ length: 9 }, (_, i) => marks.day(new Date(end - i * dayMs).toISOString()));
  const spanned = new Set(Array.from({ length: 100 }, (_, i) => marks.month(new Date(end - i * dayMs).toISOString())));
  const windows = [{ from: week, marks: days }, { from: months, marks: [...spanned] }, always];
  return windows.slice(0, windows.findIndex(window => window.from <= span.from) + 1);
}

/** The same search, with each word that may have a typing error also standing for those that it may have been. */
async function withTypos(asked: Asked): Promise<Page> {
  const { db } = asked.chat.store;
  const words = await inTurns(asked.tail.found, ({ message }) => entryOf(message, message.conversationId).words);
  const fresh = [...new Set(words.flat())];
  const mistyped = (term: Term) => {
    const word = term.words[0]?.word;
    return term.last === 'part' && word !== undefined && typoRange(word) ? word : undefined;
  };
  const among = asked.terms.filter(term => mistyped(term) !== undefined).length;
  const terms: Term[] = [];
  for (const term of asked.terms) {
    const word = mistyped(term);
    const known = word === undefined ? [] : [...(await wordsLike(db, word, among)), ...fresh];
    const alike = await inTurns(known, other => other !== word && isTypo(other, word ?? ''));
    terms.push(word === undefined ? term : { ...term, also: [...new Set(known.filter((_, i) => alike[i]))] });
  }
  if (terms.every(term => term.also.length === 0)) return { asked, hits: [], more: false, filling: false };
  return find({ ...asked, terms });
}

async function answer({ asked, hits, more, filling }: Page, until: number, tolerant = false): Promise<SearchAnswer> {
  const { chat, find, terms, limits, sort } = asked;
  const { db } = chat.store;
  const found = await conversationsByIds(db, [...new Set(hits.map(({ message }) => message.conversationId))]);
  const parents = found.flatMap(({ parent }) => (parent ? [parent.conversationId] : []));
  const conversations = [
    ...found,
    ...(await conversationsByIds(
      db,
      parents.filter(id => !found.some(c => c.id === id)),
    )),
  ];
  const people = new Set([
    ...hits.flatMap(({ message }) => namedIn(message)),
    ...conversations.flatMap(({ memberIds = [] }) => memberIds),
  ]);
  const last = hits.at(-1)?.place;
  return {
    hits: hits.map(({ message }) => ({
      message,
      highlights: highlightsOf(terms, message, find),
      ...(find === 'files' && { files: filesOf(terms, limits.has, message) }),
    })),
    conversations,
    users: await usersByIds(db, await seenBy(db, asked.actor.userId, [...people])),
    ...(more &&
      last && {
        next: writeCursor({
          ...{ s: sort, p: last.points, a: last.at, c: last.conversationId, n: last.seq, t: until },
          ...(tolerant && { e: 1 }),
        }),
      }),
    ...(tolerant && {
      corrected: correctedIn(
        asked,
        hits.map(({ message }) => message),
      ),
    }),
    ...(filling && { filling: true as const }),
  };
}

const namedIn = ({ sender, mentions = [], forwarded }: Message): Id[] => [
  sender,
  ...mentions.filter(one => one !== 'here' && one !== 'all'),
  ...(forwarded ? [forwarded.sender] : []),
];

/** Only words that are in what was found: others may be of conversations that the asker is not in. */
function correctedIn({ find, terms }: Asked, messages: readonly Message[]): NonNullable<SearchAnswer['corrected']> {
  return terms.flatMap(term => {
    const to = term.also.filter(other =>
      messages.some(message => pointsOf([{ ...term, also: [other] }], message, find) !== undefined),
    );
    return to.length > 0 ? [{ word: term.words[0]?.word ?? '', to }] : [];
  });
}
