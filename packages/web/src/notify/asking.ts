import type { Id, Seq } from '@carpenter/protocol';
import { createStore } from '../hooks/store.ts';

/** The message of which somebody wants to know why it rang, or whom it did not reach. */
export const asking = createStore<{ readonly id: Id; readonly seq: Seq; readonly mine: boolean } | undefined>(
  undefined,
);
