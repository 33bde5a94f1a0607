import type { Client } from '@carpenter/client';
import type { Id, Seq, Unsent } from '@carpenter/protocol';
import { kept } from './kept.ts';
import { createStore, type Store } from './store.ts';

/** What is written and not sent: in the composer, and in the message that is being changed. */
export interface Draft {
  readonly text: string;
  /** The message that it answers. */
  readonly replyTo?: Seq;
  /** Of this device alone. */
  readonly edit?: { readonly seq: Seq; readonly text: string };
}

/** As it is kept here. */
interface Kept extends Draft {
  readonly writtenAt?: string;
  /** The server does not have it yet, as far as is known here. */
  readonly unsynced?: true;
}

export interface Drafts {
  /** As last written to the disk: for the list, which need not hear every key. */
  readonly all: Store<ReadonlyMap<Id, Draft>>;
  /** As of the last key. */
  get(conversation: Id): Draft;
  /** Kept 300 ms after the last change, and when the page goes; then, with each pause, on my other devices. */
  set(conversation: Id, draft: Draft): void;
  /** What waits is kept now, here and on the server. */
  flush(): void;
}
interface OwnDrafts extends Drafts {
  /** From now on they are the same on all devices. @returns the end of it */
  follow(client: Client): () => void;
}

const none: Draft = { text: '' };
const saveAfterMs = 300;

function parse(found: unknown): Kept | undefined {
  if (typeof found !== 'object' || found === null || !('text' in found) || typeof found.text !== 'string') return;
  const has = (name: string): unknown => Reflect.get(found, name);
  const [edit, replyTo, writtenAt] = [has('edit'), has('replyTo'), has('writtenAt')];
  const isEdit = typeof edit === 'object' && edit !== null && 'seq' in edit && 'text' in edit;
  return {
    text: found.text,
    ...(typeof replyTo === 'number' && { replyTo }),
    ...(isEdit &&
      typeof edit.seq === 'number' &&
      typeof edit.text === 'string' && { edit: { seq: edit.seq, text: edit.text } }),
    ...(typeof writtenAt === 'string' && { writtenAt }),
    ...(has('unsynced') === true && { unsynced: true as const }),
  };
}

const isEmpty = ({ text, replyTo, edit }: Draft) => text === '' && replyTo === undefined && edit === undefined;
type Words = Pick<Draft, 'text' | 'replyTo'>;
const sameWords = (a: Words | Unsent, b: Words | Unsent) => a.text === b.text && a.replyTo === b.replyTo;
const wordsOf = ({ text, replyTo }: Words | Unsent): Words => ({ text, ...(replyTo !== undefined && { replyTo }) });

/** Per account: what one wrote is never shown to, or sent by, somebody else on the same computer. */
function openDrafts(account: Id): OwnDrafts {
  const prefix = `carpenter.draft.${account}.`;
  const pending = new Map<Id, Draft>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let client: Client | undefined;

  const read = () => {
    const found = new Map<Id, Kept>();
    for (const key of kept.keys(prefix)) {
      const draft = parse(kept.read(key));
      if (draft) found.set(key.slice(prefix.length), draft);
    }
    return found;
  };
  /** Emptied ones are among them until the server knows. */
  let held = read();
  const shown = () => new Map([...held].filter(([, draft]) => !isEmpty(draft)));
  const all = createStore<ReadonlyMap<Id, Draft>>(shown());

  function put(conversation: Id, draft: Kept): void {
    const over = isEmpty(draft) && !draft.unsynced;
    if (over) held.delete(conversation);
    else held.set(conversation, draft);
    kept.write(prefix + conversation, over ? undefined : draft);
  }

  function save(): void {
    clearTimeout(timer);
    if (pending.size === 0) return;
    const writtenAt = new Date(Date.now() + (client?.server.get()?.clockOffsetMs ?? 0)).toISOString();
    for (const [conversation, draft] of pending) {
      const { edit: _, ...before } = held.get(conversation) ?? none;
      if (sameWords(before, draft)) put(conversation, { ...before, ...edited(draft) });
      else {
        put(conversation, { ...draft, writtenAt, unsynced: true });
        client?.personal.keepDraft(conversation, wordsOf(draft), writtenAt);
      }
    }
    pending.clear();
    all.set(shown());
  }

  /** Only the message that is being changed is another one: nobody else's business. */
  const edited = ({ edit }: Draft): Pick<Kept, 'edit'> => (edit ? { edit } : {});

  const flush = () => {
    save();
    client?.personal.flushDrafts();
  };

  /** What counts on the server: what is older here gives way, but for keys that were pressed since. */
  function arrived(there: ReadonlyMap<Id, Unsent>): void {
    let changed = false;
    for (const [conversation, draft] of there) {
      const here = held.get(conversation);
      if (!here && draft.text === '' && draft.replyTo === undefined) continue;
      const accepted = here?.unsynced && sameWords(here, draft);
      const newer = here?.writtenAt === undefined || draft.writtenAt > here.writtenAt;
      const emptied = !here?.unsynced && draft.writtenAt === here?.writtenAt && draft.text === '';
      if (!accepted && !newer && !emptied) continue;
      if (here && !here.unsynced && sameWords(here, draft) && here.writtenAt === draft.writtenAt) continue;
      put(conversation, { ...wordsOf(draft), ...edited(here ?? none), writtenAt: draft.writtenAt });
      changed = true;
    }
    if (changed) all.set(shown());
  }

  addEventListener('pagehide', flush);
  addEventListener('visibilitychange', flush);
  addEventListener('storage', event => {
    if (!event.key?.startsWith(prefix)) return;
    held = read();
    all.set(shown());
  });

  return {
    all,
    get: conversation => pending.get(conversation) ?? held.get(conversation) ?? none,
    set: (conversation, draft) => {
      pending.set(conversation, draft);
      clearTimeout(timer);
      timer = setTimeout(save, saveAfterMs);
    },
    flush,
    follow(next) {
      client = next;
      const { personal } = next;
      const now = new Date().toISOString();
      for (const [conversation, draft] of held)
        if (draft.unsynced || (draft.writtenAt === undefined && draft.text !== ''))
          personal.keepDraft(conversation, wordsOf(draft), draft.writtenAt ?? now);
      const leave = personal.drafts.subscribe(() => arrived(personal.drafts.get()));
      return () => {
        leave();
        client = undefined;
      };
    },
  };
}

const opened = new Map<Id, OwnDrafts>();
function own(account: Id): OwnDrafts {
  const drafts = opened.get(account) ?? openDrafts(account);
  opened.set(account, drafts);
  return drafts;
}
export const draftsOf = (account: Id): Drafts => own(account);

/** Drafts of whoever is signed in are the same on all their devices. */
export function followDrafts(client: Client): void {
  let leave: (() => void) | undefined;
  let account: Id | undefined;
  const follow = () => {
    const session = client.session.get();
    const next = session.phase === 'signedIn' ? session.me.id : undefined;
    if (next === account) return;
    leave?.();
    account = next;
    leave = next === undefined ? undefined : own(next).follow(client);
  };
  client.session.subscribe(follow);
  follow();
}
