import type { Id } from '@carpenter/protocol';
import { createContext } from 'react';

/** Whom and what the names in a text mean, for whoever reads it. */
export interface Names {
  readonly me: Id;
  readonly person: (username: string) => { readonly id: Id; readonly displayName: string } | undefined;
  readonly channel: (name: string) => { readonly id: Id; readonly title: string } | undefined;
}

/** Without it, names are characters. */
export const NamesContext = createContext<Names | undefined>(undefined);

/** A channel's name as it stands behind `#`: without white space. */
export const channelName = (title: string): string =>
  title
    .trim()
    .toLocaleLowerCase()
    .replace(/[^\p{L}\p{N}_]+/gu, '-');

/** Whether what stands in a row can be reached by Tab: only in the row that is the timeline's stop. */
export const TabStopContext = createContext<0 | -1>(0);
