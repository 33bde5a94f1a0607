import { emptySearch, parseSearch, type SearchFilter, type SearchQuery, writeSearch } from '@carpenter/protocol';

/** What the search page shows of a query: words in the field, filters as chips beside it. */
export interface Split {
  readonly text: string;
  /** Without terms. */
  readonly filters: SearchQuery;
}

/** @param q as it stands in the address */
export function split(q: string): Split {
  const { terms, faults, ...filters } = parseSearch(q);
  const text = writeSearch({ ...emptySearch, terms, faults }); // what is not understood stays where it can be mended
  return { text, filters: { ...filters, terms: [], faults: [] } };
}

export const joined = ({ text, filters }: Split): string =>
  [text.trim(), writeSearch(filters)].filter(part => part !== '').join(' ');

/** Filters that were typed to their end become chips. */
export function settled({ text, filters }: Split): Split {
  const typed = split(text);
  return { text: `${typed.text}${typed.text === '' ? '' : ' '}`, filters: merged(filters, typed.filters) };
}

function merged(one: SearchQuery, other: SearchQuery): SearchQuery {
  return split(`${writeSearch(one)} ${writeSearch(other)}`).filters;
}

export const hasFilter = (text: string): boolean => writeSearch(split(text).filters) !== '';

export interface Chip {
  readonly filter: SearchFilter;
  readonly value: string;
}

export function chipsOf(filters: SearchQuery): Chip[] {
  const lists = (['in', 'from', 'mentions', 'has', 'is'] as const).flatMap(filter =>
    filters[filter].map(value => ({ filter, value })),
  );
  const days = (['after', 'before', 'during'] as const).flatMap(filter => {
    const value = filters[filter];
    return value === undefined ? [] : [{ filter, value }];
  });
  return [...lists, ...days];
}

export function without(filters: SearchQuery, { filter, value }: Chip): SearchQuery {
  const { [filter]: present, ...rest } = filters;
  if (typeof present !== 'object') return { ...emptySearch, ...rest };
  return { ...filters, [filter]: present.filter(one => one !== value) };
}
