import { LinkifyIt } from 'linkify-it';

export interface Found {
  readonly from: number;
  readonly to: number;
  readonly href: string;
}

const linkify = new LinkifyIt();
const harmless = new Set(['http:', 'https:', 'mailto:']);

/** The address as `URL` writes it, where it is one that may be followed. */
export function hrefOf(address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !harmless.has(url.protocol)) return undefined;
  return url.protocol === 'mailto:' || url.hostname !== '' ? url.href : undefined;
}

/** So many beginnings of addresses are looked at between two spaces: each costs a reading of all that follows. */
const beginningsMax = 32;
const beginnings = /(?:https?|ftp|mailto):|\/\//gi;
const spaces = (text: string): string => ' '.repeat(text.length);

/** Web and mail addresses in a text, ascending, none touching another. */
export function linksIn(text: string): readonly Found[] {
  // The marks of a spoiler are no part of an address; the same length keeps the places.
  const read = text
    .replaceAll('||', '  ')
    .replace(/\S+/g, run => ((run.match(beginnings)?.length ?? 0) > beginningsMax ? spaces(run) : run));
  const found = linkify.match(read) ?? [];
  return found.flatMap(({ index, lastIndex, url, schema }) => {
    const href = schema === '//' ? undefined : hrefOf(url);
    return href === undefined ? [] : [{ from: index, to: lastIndex, href }];
  });
}

/**
 * Where a link leads, when what is shown does not say so: it has other words, or its host is written in letters that only
 * look like others, or a name stands before it (`https://bank.example@evil.example`).
 */
export function hostToShow(href: string, shown: string, named: boolean): string | undefined {
  const url = new URL(href);
  if (url.protocol === 'mailto:') return named ? url.pathname : undefined;
  return named || url.username !== '' || !shown.toLowerCase().includes(url.host) ? url.host : undefined;
}
