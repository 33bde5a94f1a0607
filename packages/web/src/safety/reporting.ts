import type { Id, Seq } from '@carpenter/protocol';
import { createStore } from '../hooks/store.ts';

/** The message that somebody wants to report, while they are asked what is wrong with it. */
export const reporting = createStore<{ readonly conversationId: Id; readonly seq: Seq } | undefined>(undefined);
