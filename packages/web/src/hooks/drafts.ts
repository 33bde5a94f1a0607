import type { Id } from '@carpenter/protocol';
import { kept } from './kept.ts';
import { createStore, type Store } from './store.ts';

/** What is written and not sent: in the composer, and in the message that is being changed. */
export interface Draft {
  readonly text: string;
  readonly edit?: { readonly seq: number; readonly text: string };
}

export interface Drafts {
  /** As last written to the disk: for the list, which need not hear every key. */
  readonly all: Store<ReadonlyMap<Id, Draft>>;
  /** As of the last key. */
  get(conversation: Id): Draft;
  /** Kept 300 ms after the last change, and when the page goes. */
  set(conversation: Id, draft: Draft): void;
  flush(): void;
}

const none: Draft = { text: '' };
const saveAfterMs = 300;

function parse(found: unknown): Draft | undefined {
  if (typeof found !== 'object' || found === null || !('text' in found) || typeof found.text !== 'string') return;
  const edit = 'edit' in found ? found.edit : undefined;
  if (typeof edit !== 'object' || edit === null) return { text: found.text };
  if (!('seq' in edit) || !('text' in edit) || typeof edit.seq !== 'number' || typeof edit.text !== 'string') return;
  return { text: found.text, edit: { seq: edit.seq, text: edit.text } };
}

/** Per account: what one wrote is never shown to, or sent by, somebody else on the same computer. */
function openDrafts(account: Id): Drafts {
  const prefix = `carpenter.draft.${account}.`;
  const pending = new Map<Id, Draft>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const read = () => {
    const found = new Map<Id, Draft>();
    for (const key of kept.keys(prefix)) {
      const draft = parse(kept.read(key));
      if (draft) found.set(key.slice(prefix.length), draft);
    }
    return found;
  };
  const all = createStore<ReadonlyMap<Id, Draft>>(read());

  const flush = () => {
    clearTimeout(timer);
    if (pending.size === 0) return;
    const next = new Map(all.get());
    for (const [conversation, draft] of pending) {
      const empty = draft.text === '' && draft.edit === undefined;
      if (empty) next.delete(conversation);
      else next.set(conversation, draft);
      kept.write(prefix + conversation, empty ? undefined : draft);
    }
    pending.clear();
    all.set(next);
  };

  addEventListener('pagehide', flush);
  addEventListener('visibilitychange', flush);
  addEventListener('storage', event => {
    if (event.key?.startsWith(prefix)) all.set(read());
  });

  return {
    all,
    get: conversation => pending.get(conversation) ?? all.get().get(conversation) ?? none,
    set: (conversation, draft) => {
      pending.set(conversation, draft);
      clearTimeout(timer);
      timer = setTimeout(flush, saveAfterMs);
    },
    flush,
  };
}

const opened = new Map<Id, Drafts>();
export function draftsOf(account: Id): Drafts {
  const drafts = opened.get(account) ?? openDrafts(account);
  opened.set(account, drafts);
  return drafts;
}
