import { ClientError } from '@carpenter/client';
import type { SearchAnswer, SearchSort } from '@carpenter/protocol';
import { useEffect, useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { said } from '../words/failures.ts';
import { words } from '../words/words.ts';

export interface Searched {
  /** Of the last search that was answered; stays while the next one is under way. */
  readonly answer: SearchAnswer | undefined;
  readonly looking: boolean;
  /** Why there is none, in words. */
  readonly failed: string | undefined;
  readonly more: () => void;
}
interface State {
  readonly key: string;
  readonly answer?: SearchAnswer;
  readonly failed?: string;
}
const askAfterMs = 250;

export function useSearch(q: string, sort: SearchSort): Searched {
  const client = useClient();
  const key = `${sort} ${q}`;
  const [state, setState] = useState<State>();
  const [paging, setPaging] = useState(false);

  useEffect(() => {
    if (q === '') return setState(undefined);
    let current = true;
    const ask = async () => {
      try {
        const answer = await client.search(q, { sort });
        if (current) setState({ key, answer });
      } catch (error) {
        // Nothing to look for yet is nothing that went wrong.
        const nothing = error instanceof ClientError && error.code === 'search.too_wide';
        if (current)
          setState(former => ({
            key,
            failed: nothing ? words.search.tooWide : failure(error),
            ...(former?.answer && { answer: former.answer }),
          }));
      }
    };
    const timer = setTimeout(ask, askAfterMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [client, q, sort, key]);

  const more = async () => {
    const { answer } = state ?? {};
    if (paging || answer?.next === undefined) return;
    setPaging(true);
    try {
      const page = await client.search(q, { sort, cursor: answer.next });
      setState(former =>
        former?.key === key && former.answer === answer ? { key, answer: appended(answer, page) } : former,
      );
    } catch (error) {
      setState(former => former && { ...former, failed: failure(error) });
    } finally {
      setPaging(false);
    }
  };
  return {
    answer: state?.failed ? undefined : state?.answer,
    looking: q !== '' && state?.key !== key,
    failed: state?.failed,
    more,
  };
}

const failure = (error: unknown): string =>
  error instanceof ClientError && error.code.startsWith('search.') ? error.message : said(error);

const appended = ({ corrected, filling, ...answer }: SearchAnswer, page: SearchAnswer): SearchAnswer => ({
  hits: [...answer.hits, ...page.hits],
  conversations: [
    ...answer.conversations,
    ...page.conversations.filter(c => !answer.conversations.some(a => a.id === c.id)),
  ],
  users: [...answer.users, ...page.users],
  ...(page.next !== undefined && { next: page.next }),
  ...(corrected && { corrected }),
  ...(filling && { filling }),
});
