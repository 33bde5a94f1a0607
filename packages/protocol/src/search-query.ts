/**
 * What people type into the search field, as a form and back. Pure, and used on both sides: the page shows as chips what the server
 * looks for. Nothing in here is an error: what does not fit is a `fault`, in its place, and whoever reads decides.
 */
export interface SearchQuery {
  /** All of them must be there, or, with `not`, must not be. */
  readonly terms: readonly SearchTerm[];
  /** Conversations, by name or id: in one of them. */
  readonly in: readonly string[];
  /** People, by username or id, or `me`: by one of them. */
  readonly from: readonly string[];
  /** People who are meant in it, or `me`: all of them. */
  readonly mentions: readonly string[];
  /** All of them. */
  readonly has: readonly SearchHas[];
  readonly is: readonly SearchIs[];
  /** Days, months or years as `2026-11-25`, `2026-11`, `2026`, or `today`, `yesterday`. Before its beginning … */
  readonly before?: string;
  /** … after its end … */
  readonly after?: string;
  /** … from its beginning to its end. */
  readonly during?: string;
  readonly faults: readonly SearchFault[];
}
export interface SearchTerm {
  readonly text: string;
  /** In quotation marks: these words in this order, as they are. */
  readonly exact: boolean;
  readonly not: boolean;
}
/** A filter with something that it does not know; `value` is what was given. */
export interface SearchFault {
  readonly filter: SearchFilter;
  readonly value: string;
}

export const searchHas = ['link', 'file', 'image', 'video', 'audio', 'code'] as const;
export const searchIs = ['pinned', 'thread'] as const;
export const searchFilters = ['in', 'from', 'mentions', 'has', 'is', 'before', 'after', 'during'] as const;
export type SearchHas = (typeof searchHas)[number];
export type SearchIs = (typeof searchIs)[number];
export type SearchFilter = (typeof searchFilters)[number];

export const emptySearch: SearchQuery = { terms: [], in: [], from: [], mentions: [], has: [], is: [], faults: [] };

// A dash or a filter's name, then words in quotation marks (a missing end is the end of all), or up to the next space.
const quoted = `["“”„«»](?<quoted>[^"“”„«»]*)["“”„«»]?`;
const piece = new RegExp(
  String.raw`(?<dash>[-−–])?(?:(?<filter>${searchFilters.join('|')})[:：])?(?:${quoted}|(?<plain>[^\s"“”„«»]+))`,
  'giu',
);

export function parseSearch(text: string): SearchQuery {
  let query = emptySearch;
  for (const { groups } of text.matchAll(piece)) {
    const { dash, filter, quoted: words, plain } = groups ?? {};
    const value = (words ?? plain ?? '').trim().replace(/\s+/gu, ' ');
    const name = searchFilters.find(known => known === filter?.toLowerCase());
    if (name && dash) query = { ...query, faults: [...query.faults, { filter: name, value: `-${value}` }] };
    else if (name) query = withFilter(query, name, words === undefined ? value.split(',') : [value]);
    else if (value !== '')
      query = {
        ...query,
        terms: [...query.terms, { text: value, exact: words !== undefined, not: dash !== undefined }],
      };
  }
  return query;
}

/** The same in words: `parseSearch(writeSearch(q))` is `q`, for every `q` that came from `parseSearch`. */
export function writeSearch(query: SearchQuery): string {
  const { terms, before, after, during, faults } = query;
  const list = (filter: 'in' | 'from' | 'mentions' | 'has' | 'is') =>
    query[filter].map(value => `${filter}:${guarded(value)}`);
  return [
    ...terms.map(({ text, exact, not }) => `${not ? '-' : ''}${exact ? `"${text}"` : text}`),
    ...list('in'),
    ...list('from'),
    ...list('mentions'),
    ...list('has'),
    ...list('is'),
    ...(before === undefined ? [] : [`before:${before}`]),
    ...(after === undefined ? [] : [`after:${after}`]),
    ...(during === undefined ? [] : [`during:${during}`]),
    ...faults.map(({ filter, value }) =>
      value.startsWith('-') ? `-${filter}:${guarded(value.slice(1))}` : `${filter}:${guarded(value)}`,
    ),
  ].join(' ');
}

/** With one filter set anew; nothing takes it away. */
export function withFilter(query: SearchQuery, filter: SearchFilter, values: readonly string[]): SearchQuery {
  return values.reduce((q, value) => add(q, filter, value.replace(/^[@#\s]+/u, '').trim()), query);
}

function add(query: SearchQuery, filter: SearchFilter, value: string): SearchQuery {
  const fault = { ...query, faults: [...query.faults, { filter, value }] };
  if (value === '') return fault;
  switch (filter) {
    case 'in':
    case 'from':
    case 'mentions':
      return { ...query, [filter]: once(query[filter], value) };
    case 'has': {
      const known = searchHas.find(one => one === singular(value));
      return known ? { ...query, has: once(query.has, known) } : fault;
    }
    case 'is': {
      const known = searchIs.find(one => one === singular(value));
      return known ? { ...query, is: once(query.is, known) } : fault;
    }
    default:
      return isDay(value) ? { ...query, [filter]: value.toLowerCase() } : fault;
  }
}

const once = <T>(list: readonly T[], value: T): readonly T[] => (list.includes(value) ? list : [...list, value]);
const singular = (value: string): string => value.toLowerCase().replace(/(?<=link|file|image|video|thread)s$/, '');
const guarded = (value: string): string => (value === '' || /[\s,]/u.test(value) ? `"${value}"` : value);

/** A day, month or year that there is, or a word for one. */
export function isDay(value: string): boolean {
  if (/^(today|yesterday)$/i.test(value)) return true;
  const [, year, month = '01', day = '01'] = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(value) ?? [];
  if (year === undefined || year < '1970') return false;
  const date = new Date(`${year}-${month}-${day}T00:00:00.000Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${year}-${month}-${day}`);
}
