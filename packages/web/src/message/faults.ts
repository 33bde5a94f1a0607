import type { ConversationHandle } from '@carpenter/client';
import type { Seq } from '@carpenter/protocol';
import { createStore } from '../hooks/store.ts';
import { said } from '../words/failures.ts';

/** What did not work at a message, in words, until it is tried again or put away. */
export const faults = createStore<ReadonlyMap<string, string>>(new Map());
export const faultKey = (conversationId: string, seq: Seq) => `${conversationId} ${seq}`;

function put(key: string, words: string | undefined) {
  if (faults.get().get(key) === words) return;
  const next = new Map(faults.get());
  if (words === undefined) next.delete(key);
  else next.set(key, words);
  faults.set(next);
}

export const forgive = (conversationId: string, seq: Seq): void => put(faultKey(conversationId, seq), undefined);

/** Does something at a message; why it could not be done stands under it. */
export function attempt(handle: ConversationHandle, seq: Seq, act: () => Promise<unknown>): void {
  const key = faultKey(handle.id, seq);
  put(key, undefined);
  act().catch((error: unknown) => put(key, said(error)));
}
