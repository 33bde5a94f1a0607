import type { Client } from '@carpenter/client';
import type { Id, Unsent } from '@carpenter/protocol';
import { serverNow } from './clock.ts';
import { type Draft, filesOf, isEmpty, type Kept, none, parseDraft, same, sharedOf } from './draft.ts';
import { followFiles } from './draftFiles.ts';
import { kept } from './kept.ts';
import { createStore, type Store } from './store.ts';

export interface Drafts {
  /** As last written to the disk: for the list, which need not hear every key. */
  readonly all: Store<ReadonlyMap<Id, Draft>>;
  /** As of the last key. */
  get(conversation: Id): Draft;
  /**
   * Kept 300 ms after the last change, and when the page goes; then, with each pause, on my other devices. Files stay as they are:
   * they follow what stands in the composer.
   */
  set(conversation: Id, draft: Draft): void;
  /** Another draft at once, with its files: thrown away, or back again. */
  replace(conversation: Id, draft: Draft): void;
  /** What waits is kept now, here and on the server. */
  flush(): void;
}
interface OwnDrafts extends Drafts {
  /** From now on they are the same on all devices. @returns the end of it, after which this one keeps only what the server has not */
  follow(client: Client): () => void;
}

const saveAfterMs = 300;
/** Whatever the server has is newer. */
const longAgo = new Date(0).toISOString();

/** Per account: what one wrote is never shown to, or sent by, somebody else on the same computer. */
function openDrafts(account: Id): OwnDrafts {
  const prefix = `carpenter.draft.${account}.`;
  const pending = new Map<Id, Draft>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let client: Client | undefined;
  /** This browser keeps them. */
  let durable = true;

  const read = () => {
    const found = new Map<Id, Kept>();
    for (const key of kept.keys(prefix)) {
      const draft = parseDraft(kept.read(key));
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
    durable = kept.write(prefix + conversation, over ? undefined : draft);
  }

  /** Written by me, now: later than what it replaces, whatever clock that was written by. */
  function keep(conversation: Id, { text, replyTo, edit, attachments }: Draft): void {
    const now = serverNow();
    const before = Date.parse(held.get(conversation)?.writtenAt ?? '');
    const writtenAt = new Date(Number.isNaN(before) ? now : Math.max(now, before + 1)).toISOString();
    const shared = sharedOf({ text, ...(replyTo !== undefined && { replyTo }), ...(attachments && { attachments }) });
    put(conversation, { ...shared, ...(edit && { edit }), writtenAt, unsynced: true });
    client?.personal.keepDraft(conversation, shared, writtenAt);
  }

  function save(): void {
    clearTimeout(timer);
    if (pending.size === 0) return;
    for (const [conversation, { attachments: _, ...draft }] of pending) {
      const before = held.get(conversation) ?? none;
      const next = { ...draft, attachments: filesOf(before) };
      // only the message that is being changed is another one: nobody else's business
      if (same(before, next)) put(conversation, { ...withoutEdit(before), ...edited(draft) });
      else keep(conversation, next);
    }
    pending.clear();
    all.set(shown());
  }

  const withoutEdit = ({ edit: _, ...draft }: Kept): Kept => draft;
  const edited = ({ edit }: Draft): Pick<Kept, 'edit'> => (edit ? { edit } : {});

  const flush = () => {
    save();
    client?.personal.flushDrafts();
  };

  /** What stands in the composer on this device follows a draft that came from elsewhere. */
  function moveFiles(conversation: Id, before: readonly Id[], after: readonly Id[]): void {
    for (const file of before) if (!after.includes(file)) client?.forgetUpload(conversation, file);
    for (const file of after) if (!before.includes(file)) client?.adoptUpload(conversation, file);
  }

  /** The draft follows what stands in the composer on this device. Other tabs do the same: the first one does it. */
  function fileMoved({ conversation, file, here }: { conversation: Id; file: Id; here: boolean }): void {
    if (durable) held = read();
    const before = held.get(conversation) ?? none;
    if (filesOf(before).includes(file) === here) return;
    const order = (client?.uploads.get() ?? []).map(({ status }) =>
      status.is === 'ready' ? status.attachment.id : '',
    );
    const place = (id: Id) => (order.includes(id) ? order.indexOf(id) : order.length);
    const others = filesOf(before).filter(id => id !== file);
    keep(conversation, {
      ...before,
      attachments: here ? [...others, file].sort((a, b) => place(a) - place(b)) : others,
    });
    all.set(shown());
  }

  /** What counts on the server: what is older here gives way, but for keys that were pressed since. */
  function arrived(there: ReadonlyMap<Id, Unsent>): void {
    let changed = false;
    for (const [conversation, draft] of there) {
      const here = held.get(conversation);
      if (!here && isEmpty(draft)) continue;
      const accepted = here?.unsynced && same(here, draft) && client?.personal.draftStored(conversation);
      const newer = here?.writtenAt === undefined || draft.writtenAt > here.writtenAt;
      const emptied = !here?.unsynced && draft.writtenAt === here?.writtenAt && isEmpty(draft);
      if (!accepted && !newer && !emptied) continue;
      if (here && !here.unsynced && same(here, draft) && here.writtenAt === draft.writtenAt) continue;
      put(conversation, { ...sharedOf(draft), ...edited(here ?? none), writtenAt: draft.writtenAt });
      moveFiles(conversation, filesOf(here ?? none), filesOf(draft));
      changed = true;
    }
    if (changed) all.set(shown());
  }

  /** Signed out: what the server has comes back from there with the next login. Files that stand in a composer wait for it here. */
  function forget(): void {
    for (const [conversation, { attachments, edit, writtenAt, unsynced }] of held)
      if (writtenAt !== undefined && !unsynced)
        put(conversation, { text: '', ...(attachments && { attachments }), ...(edit && { edit }), writtenAt: longAgo });
    all.set(shown());
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
    get: conversation => {
      const before = held.get(conversation) ?? none;
      const { attachments: _, ...draft } = pending.get(conversation) ?? before;
      return { ...draft, ...(filesOf(before).length > 0 && { attachments: filesOf(before) }) };
    },
    set: (conversation, draft) => {
      pending.set(conversation, draft);
      clearTimeout(timer);
      timer = setTimeout(save, saveAfterMs);
    },
    replace(conversation, draft) {
      const before = filesOf(held.get(conversation) ?? none);
      pending.delete(conversation);
      keep(conversation, draft);
      moveFiles(conversation, before, filesOf(draft));
      all.set(shown());
      flush();
    },
    flush,
    follow(next) {
      client = next;
      const { personal } = next;
      const now = new Date(serverNow()).toISOString();
      const known: Unsent[] = [];
      for (const [conversationId, draft] of held) {
        const { writtenAt = now } = draft;
        const unsynced = draft.unsynced || (draft.writtenAt === undefined && !isEmpty(sharedOf(draft)));
        if (unsynced) personal.keepDraft(conversationId, sharedOf(draft), writtenAt);
        else known.push({ conversationId, ...sharedOf(draft), writtenAt });
        moveFiles(conversationId, [], filesOf(draft));
      }
      personal.knowDrafts(known);
      const leave = personal.drafts.subscribe(() => arrived(personal.drafts.get()));
      const leaveFiles = followFiles(next, account, fileMoved);
      return () => {
        leave();
        leaveFiles();
        client = undefined;
        save();
        forget();
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
