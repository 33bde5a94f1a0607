import { ClientError } from '@carpenter/client';
import type { SearchAnswer, SearchFind, SearchSort } from '@carpenter/protocol';
import { useEffect, useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { sentence } from '../words/failures.ts';
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
  readonly find: SearchFind;
  readonly answer?: SearchAnswer;
  readonly failed?: string;
}
const askAfterMs = 250;

/** Files are listed without a query, too. */
export function useSearch(q: string, find: SearchFind, sort: SearchSort): Searched {
  const client = useClient();
  const key = `${find} ${sort} ${q}`;
  const asks = q !== '' || find === 'files';
  const [state, setState] = useState<State>();
  const [paging, setPaging] = useState(false);

  useEffect(() => {
    if (!asks) return setState(undefined);
    let current = true;
    const ask = async () => {
      try {
        const answer = await client.search(q, { find, sort });
        if (current) setState({ key, find, answer });
      } catch (error) {
        // Nothing to look for yet is nothing that went wrong.
        const nothing = error instanceof ClientError && error.code === 'search.too_wide';
        if (current)
          setState({
            key,
            find,
            failed: nothing ? words.search.tooWide : failure(error),
          });
      }
    };
    const timer = setTimeout(ask, askAfterMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [client, q, find, sort, key, asks]);

  const more = async () => {
    const { answer } = state ?? {};
    if (paging || answer?.next === undefined) return;
    setPaging(true);
    try {
      const page = await client.search(q, { find, sort, cursor: answer.next });
      setState(former =>
        former?.key === key && former.answer === answer ? { key, find, answer: appended(answer, page) } : former,
      );
    } catch (error) {
      setState(former => (former?.answer === answer ? { ...former, failed: failure(error) } : former));
    } finally {
      setPaging(false);
    }
  };
  return {
    answer: state?.find === find ? state.answer : undefined,
    looking: asks && state?.key !== key,
    failed: state?.failed,
    more,
  };
}

const failure = (error: unknown): string =>
  error instanceof ClientError && error.code.startsWith('search.') ? error.message : sentence(error);

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
