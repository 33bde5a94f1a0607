import type { ConversationHandle } from '@carpenter/client';
import type { Seq } from '@carpenter/protocol';
import { createStore } from '../hooks/store.ts';
import { showToast } from '../parts/toasts.ts';
import { said } from '../words/failures.ts';
import { words } from '../words/words.ts';

export type PendingDelete = { readonly is: 'waiting' } | { readonly is: 'failed'; readonly why: string };

/** Messages that look deleted while they can still be had back, and those that could not be deleted. */
export const pendingDeletes = createStore<ReadonlyMap<string, PendingDelete>>(new Map());
export const deleteKey = (conversationId: string, seq: Seq) => `${conversationId} ${seq}`;

function put(key: string, value: PendingDelete | undefined) {
  const next = new Map(pendingDeletes.get());
  if (value) next.set(key, value);
  else next.delete(key);
  pendingDeletes.set(next);
}

/** Instead of a question there is a way back: it is deleted when the toast ends, or the page goes. */
export function deleteSoon(handle: ConversationHandle, seq: Seq): void {
  const key = deleteKey(handle.id, seq);
  put(key, { is: 'waiting' });
  showToast({
    text: words.message.deletedToast,
    undo: () => put(key, undefined),
    ended: () =>
      handle.delete(seq).then(
        () => put(key, undefined),
        (error: unknown) => put(key, { is: 'failed', why: said(error) }),
      ),
  });
}
