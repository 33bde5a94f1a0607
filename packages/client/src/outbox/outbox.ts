import type { Id, Message } from '@carpenter/protocol';
import { backoff } from '../backoff.ts';
import { ClientError } from '../error.ts';
import { cell } from '../observable.ts';
import type { SafeStorage } from '../storage/storage.ts';
import type { Tabs } from '../tabs.ts';
import { ticks } from '../ticks.ts';
import type { Because, Observable } from '../types/basics.ts';
import type { Beside, UnsentMessage } from '../types/messages.ts';
import type { Uploads } from '../uploads/uploads.ts';
import {
  add,
  again,
  type Entry,
  emptyQueue,
  fail,
  find,
  ground,
  nextAt,
  nextOrder,
  type Queue,
  remove,
  reread,
  takeOff,
  unsent,
} from './queue.ts';

/**
 * The queue with its effects: kept in the storage (what an earlier page left comes first), sent by one tab at a time, told to all.
 * What a storage without room left in the memory of a tab is sent by that one.
 */
export interface Outbox {
  /** In the order of writing. */
  readonly messages: Observable<readonly UnsentMessage[]>;
  add(conversationId: Id, text: string, more?: Beside): Id;
  retry(clientId: Id): void;
  discard(clientId: Id): void;
  /** The same, but its files are kept, to be put into another one. */
  takeBack(clientId: Id): void;
  stored(clientId: Id): Promise<Message>;
  /** A message of mine was seen in the log, whoever sent it there and when. */
  seen(message: Message): void;
  online(is: boolean): void;
  close(): Promise<void>;
}

/** What it needs of files on their way. */
export type OwnUploads = Pick<
  Uploads,
  'all' | 'known' | 'find' | 'putInMessage' | 'takeOut' | 'retry' | 'cancel' | 'forget'
>;

interface Waiter {
  resolve(message: Message): void;
  reject(error: ClientError): void;
}
const goneMax = 1_000;
/** A message whose file nobody knows is given up after so long. */
const lostAfterMs = 60_000;

export function createOutbox(needs: {
  me: Id;
  storage: Pick<SafeStorage, 'lasting' | 'lost' | 'list' | 'write'>;
  tabs: Tabs;
  now: () => number;
  /** The server's clock, as far as it is known: what is told of when something was written is told by it. */
  serverNow: () => number;
  random: () => number;
  uploads: OwnUploads;
  /** Sends one; the answer is already shown when it resolves. */
  post: (entry: Entry) => Promise<Message>;
}): Outbox {
  const { me, storage, tabs, now, serverNow, random, uploads, post } = needs;
  const prefix = `outbox/${me}/`;
  const messages = cell<readonly UnsentMessage[]>([]);
  const waiters = new Map<Id, Waiter[]>();
  /** On their way into the storage, in the form that is written last. */
  const unkept = new Map<Id, Entry>();
  /** No other tab sees these: they stand in the memory of this one. */
  const own = new Set<Id>();
  /** Ended here: what the storage still says of it is old. */
  const gone = new Set<Id>();
  const writes = new Set<Promise<void>>();
  /** By reading of the storage: what was on its way into it at that time, so that what stands here is newer. */
  const reading = new Set<Set<Id>>();
  let loaded = false;
  let queue: Queue = emptyQueue;
  let online = false;
  let leading: AbortController | undefined;
  let first = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const isOld = (former: readonly UnsentMessage[], next: readonly UnsentMessage[]) =>
    former.length === next.length && former.every((m, i) => m === next[i]);

  function set(next: Queue): void {
    queue = next;
    const former = messages.get();
    const shown = unsent(queue, me, online, former, whole);
    if (!isOld(former, shown)) messages.set(shown);
  }

  function keep(entry: Entry, value: Entry | undefined): Promise<void> {
    const write = storage
      .write(`${prefix}${entry.clientId}`, value)
      .then(() => tabs.tell('outbox'))
      .finally(() => writes.delete(write));
    writes.add(write);
    return write;
  }

  function pump(): void {
    if (!loaded || !online || closed) return;
    const kept = ({ clientId }: Entry) => !unkept.has(clientId);
    const may = (entry: Entry) => (first || own.has(entry.clientId)) && whole(entry);
    const time = ticks();
    const next = takeOff(queue, time, kept, may);
    set(next.queue);
    for (const entry of next.go) fly(entry);
    clearTimeout(timer);
    const at = nextAt(queue, time);
    if (at !== undefined) timer = setTimeout(pump, at - time);
  }

  const filesOf = (clientId: Id): readonly string[] => find(queue, clientId)?.more?.uploads ?? [];
  function whole({ more }: Entry): boolean {
    return (more?.uploads ?? []).every(id => uploads.find(id)?.status.is === 'ready');
  }
  /** Its files by the names that the server gave them. */
  function withMedia(entry: Entry): Entry {
    const ids = (entry.more?.uploads ?? []).flatMap(id => {
      const status = uploads.find(id)?.status;
      return status?.is === 'ready' ? [status.attachment.id] : [];
    });
    return ids.length === 0 ? entry : { ...entry, more: { ...entry.more, attachments: ids } };
  }
  /** A message without one of its files is not what somebody wrote: it is not sent, and says why. */
  function uploadsChanged(): void {
    for (const entry of queue.entries) {
      if (entry.refused) continue;
      for (const id of entry.more?.uploads ?? []) {
        const found = uploads.find(id);
        const failed = found ? found.status.is === 'failed' && found.status.because : isLost(entry);
        if (!failed) continue;
        giveUp(entry.clientId, failed, ticks);
        break;
      }
    }
    set(queue);
    pump();
  }
  /** Another tab may just have begun with it. */
  const isLost = ({ sentAt }: Entry): Because | undefined =>
    uploads.known() && serverNow() - Date.parse(sentAt) > lostAfterMs
      ? { code: 'upload.lost', words: 'This device did not keep its file.' }
      : undefined;

  function fly(entry: Entry): void {
    post(withMedia(entry)).then(
      message => seen(message),
      error => failed(entry, error instanceof ClientError ? error : new ClientError('server.fault', String(error))),
    );
  }

  function failed({ clientId }: Entry, { code, message, retryAfterMs }: ClientError): void {
    if (!queue.flying.has(clientId)) return; // grounded since: it goes again with the next connection
    const wait = (tries: number) => ticks() + backoff(tries, random(), retryAfterMs);
    giveUp(clientId, { code, words: message }, wait);
    pump();
  }
  function giveUp(clientId: Id, because: Because, wait: (tries: number) => number): void {
    set(fail(queue, clientId, because, wait));
    const entry = find(queue, clientId);
    if (!entry?.refused) return;
    write(entry); // those behind it go when even a crash would not send it again
    settle(clientId, waiter => waiter.reject(new ClientError(because.code, because.words)));
  }

  function seen(message: Message): void {
    const { clientId } = message;
    settle(clientId, waiter => waiter.resolve(message));
    const ids = filesOf(clientId);
    end(clientId);
    for (const id of ids) uploads.forget(id);
  }

  function end(clientId: Id): void {
    const entry = find(queue, clientId);
    if (!entry) return;
    gone.add(clientId);
    for (const oldest of gone) if (gone.size > goneMax) gone.delete(oldest);
    own.delete(clientId);
    set(remove(queue, clientId));
    keep(entry, undefined);
    pump();
  }

  /** @returns the files it had */
  function withdrawn(clientId: Id): readonly string[] {
    settle(clientId, waiter => waiter.reject(new ClientError('message.discarded', 'This message was taken back.')));
    const ids = filesOf(clientId);
    end(clientId);
    return ids;
  }

  function settle(clientId: Id, how: (waiter: Waiter) => void): void {
    for (const waiter of waiters.get(clientId) ?? []) how(waiter);
    waiters.delete(clientId);
  }

  async function load(): Promise<void> {
    await Promise.all(writes);
    const meanwhile = new Set(unkept.keys());
    reading.add(meanwhile);
    const listed = (await storage.list(prefix)).filter(isEntry);
    const entries = [...new Map(listed.map(entry => [entry.clientId, entry])).values()]; // the newer one of two
    reading.delete(meanwhile);
    const kept = entries.filter(e => !gone.has(e.clientId));
    // put there by a tab whose writing was slower than the sending
    for (const entry of entries) if (gone.has(entry.clientId)) keep(entry, undefined);
    const mine = queue.entries.filter(e => storage.lost || meanwhile.has(e.clientId));
    if (storage.lost) for (const { clientId } of mine) own.add(clientId);
    set(reread(queue, [...kept.filter(e => !mine.some(m => m.clientId === e.clientId)), ...mine]));
    if (!loaded) {
      loaded = true;
      for (const entry of mine) write({ ...entry, order: nextOrder(queue, now()) });
    }
    pump();
  }

  /** Before the storage was read, the place of a message in the order is not known: it is kept as soon as that is. */
  function write(entry: Entry): void {
    unkept.set(entry.clientId, entry);
    set(add(queue, entry));
    if (!loaded) return;
    for (const other of reading) other.add(entry.clientId);
    keep(entry, entry).finally(() => {
      if (unkept.get(entry.clientId) === entry) unkept.delete(entry.clientId);
      if (!storage.lasting) own.add(entry.clientId);
      if (gone.has(entry.clientId)) keep(entry, undefined); // discarded meanwhile
      pump();
    });
  }

  const firstLoad = load();
  tabs.heard('outbox', load);
  uploads.all.subscribe(uploadsChanged);

  return {
    messages,
    add(conversationId, text, more) {
      uploads.putInMessage(more?.uploads ?? []);
      const clientId = crypto.randomUUID();
      const sentAt = new Date(serverNow()).toISOString();
      write({ clientId, conversationId, text, ...(more && { more }), sentAt, order: nextOrder(queue, now()) });
      return clientId;
    },
    retry(clientId) {
      for (const id of filesOf(clientId)) uploads.retry(id);
      set(again(queue, clientId, now()));
      const entry = find(queue, clientId);
      if (entry) write(entry);
    },
    discard: clientId => {
      for (const id of withdrawn(clientId)) uploads.cancel(id);
    },
    takeBack: clientId => uploads.takeOut(withdrawn(clientId)),
    stored: clientId =>
      new Promise((resolve, reject) => {
        if (find(queue, clientId)) waiters.set(clientId, [...(waiters.get(clientId) ?? []), { resolve, reject }]);
        else reject(new ClientError('message.unknown', 'There is no such message in the outbox.'));
      }),
    seen,
    online(is) {
      online = is;
      set(ground(queue));
      uploadsChanged();
      leading?.abort();
      first = false;
      if (!is) return;
      leading = new AbortController();
      tabs.lead(prefix, leading.signal, () => {
        first = true;
        load();
      });
    },
    async close() {
      closed = true;
      await firstLoad;
      leading?.abort();
      clearTimeout(timer);
      for (const clientId of waiters.keys())
        settle(clientId, waiter => waiter.reject(new ClientError('client.closed', 'This client was closed.')));
      await Promise.all(writes);
    },
  };
}

const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && 'clientId' in value && 'order' in value;
