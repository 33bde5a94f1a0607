import type { Attachment, Id, Limits, SaidOfMedia } from '@carpenter/protocol';
import { backoff } from '../backoff.ts';
import { ClientError, ownRefusal } from '../error.ts';
import { limiter } from '../limiter.ts';
import { cell } from '../observable.ts';
import type { SafeStorage } from '../storage/storage.ts';
import type { Tabs } from '../tabs.ts';
import type { Because, Observable } from '../types/basics.ts';
import { carry } from './carry.ts';
import type { Files } from './files.ts';
import type { Tus } from './tus.ts';
import type { Upload, UploadRecord, UploadStatus } from './types.ts';

/** Files on their way: kept until they are there, carried by one tab each, going on after breaks and reloads. */
export interface Uploads {
  /** In the order of adding. */
  readonly all: Observable<readonly Upload[]>;
  add(conversationId: Id, file: Blob, more: { readonly name: string; readonly said: SaidOfMedia }): string;
  find(id: string): Upload | undefined;
  /** One that another device of mine uploaded stands in this composer too. Known already, wherever: nothing changes. */
  adopt(conversationId: Id, mediaId: Id): Promise<void>;
  /** It does not stand in this composer any more. The server keeps it. */
  letGo(conversationId: Id, mediaId: Id): Promise<void>;
  /** What an earlier page left has been read. */
  known(): boolean;
  /** They belong to a message now. */
  putInMessage(ids: readonly string[]): void;
  /** They stand in the composer again. */
  takeOut(ids: readonly string[]): void;
  retry(id: string): void;
  /** Takes it back, on the server too. */
  cancel(id: string): void;
  /** The message that has it is stored: only this device forgets it. */
  forget(id: string): void;
  /** Its name or description is another one now. */
  described(id: string, attachment: Attachment): void;
  online(is: boolean): void;
  close(): Promise<void>;
}

/** At once; the others wait for their turn. */
const atOnce = 3;

export function createUploads(needs: {
  me: Id;
  storage: Pick<SafeStorage, 'lost' | 'list' | 'write'>;
  files: Files;
  tabs: Tabs;
  tus: Tus;
  result: (mediaId: Id) => Promise<Attachment | undefined>;
  limits: () => Limits | undefined;
  now: () => number;
  random: () => number;
}): Uploads {
  const { me, storage, files, tabs, tus, result, limits, now, random } = needs;
  const prefix = `uploads/${me}/`;
  const all = cell<readonly Upload[]>([]);
  const records = new Map<string, UploadRecord>();
  const blobs = new Map<string, Blob>();
  /** Carried, or waited for to be carried, by this tab. */
  const carriers = new Map<string, AbortController>();
  /** Those that this tab carries now: it knows their progress best. */
  const carrying = new Set<string>();
  const checking = new Set<string>();
  /** Their bytes are kept here. */
  const kept = new Set<string>();
  /** Their records are. */
  const stored = new Set<string>();
  const waits = new Map<string, Because>();
  const limited = limiter(atOnce);
  const writes = new Set<Promise<void>>();
  let wake = Promise.withResolvers<void>();
  let online = false;
  let known = false;
  let closed = false;

  function show(): void {
    const ordered = [...records.values()].sort((a, b) => a.order - b.order);
    all.set(ordered.map(seen));
  }
  function seen(record: UploadRecord): Upload {
    const { order: _, mediaId: _id, sentBytes: _sent, attachment: _a, failed: _f, adopted: _ad, ...rest } = record;
    const file = blobs.get(record.id);
    return { ...rest, ...(file && { file }), status: statusOf(record) };
  }
  function statusOf({ id, attachment, failed, sentBytes, adopted }: UploadRecord): UploadStatus {
    if (attachment) return { is: 'ready', attachment };
    if (failed) return { is: 'failed', because: failed };
    if (!online) return { is: 'waiting', because: waitingForConnection };
    const because = waits.get(id);
    if (because) return { is: 'waiting', because };
    return checking.has(id) || adopted ? { is: 'checking' } : { is: 'sending', sentBytes };
  }

  /** Only what can go on from there: without its bytes, a record would be a promise that nobody can hold. */
  function write(id: string, record: UploadRecord | undefined): void {
    if (record && !kept.has(id) && !record.attachment) return;
    const done = storage
      .write(prefix + id, record)
      .then(() => {
        if (record) stored.add(id);
        else stored.delete(id);
        tabs.tell('uploads');
      })
      .finally(() => writes.delete(done));
    writes.add(done);
  }
  function change(id: string, how: Partial<UploadRecord>): void {
    const record = records.get(id);
    if (!record) return;
    const next = { ...record, ...how };
    records.set(id, next);
    write(id, next);
    show();
  }

  /** What another tab, or an earlier page, left. Progress that this tab knows better stays. */
  async function load(): Promise<void> {
    const found = (await storage.list(prefix)).filter(isRecord);
    if (closed) return;
    for (const record of found) {
      const { id } = record;
      if (!carrying.has(id)) records.set(id, record);
      if (record.attachment) continue;
      const file = blobs.get(id) ?? (await files.read(id));
      if (file) blobs.set(id, file);
      kept.add(id);
      stored.add(id);
    }
    for (const id of [...stored]) {
      if (writes.size === 0 && !storage.lost && !found.some(record => record.id === id)) drop(id); // taken back in another tab
    }
    known = true;
    for (const { id } of found) begin(id);
    show();
  }

  function begin(id: string): void {
    const record = records.get(id);
    if (!record || record.attachment || record.failed || carriers.has(id) || closed) return;
    const carrier = new AbortController();
    carriers.set(id, carrier);
    tabs.lead(`upload/${id}`, carrier.signal, () => {
      carrying.add(id);
      run(id, carrier).finally(() => {
        carrying.delete(id);
        if (carriers.get(id) === carrier) carriers.delete(id);
        carrier.abort();
      });
    });
  }

  async function run(id: string, { signal }: AbortController): Promise<void> {
    for (let tries = 0; !signal.aborted; tries++) {
      if (!online) await wake.promise;
      const record = records.get(id);
      if (!record || signal.aborted) return;
      const file = blobs.get(id);
      const sentBefore = record.sentBytes;
      try {
        const attachment = await limited(() => carryOne(record, file, signal));
        checking.delete(id);
        const { name, mediaType, bytes } = attachment;
        change(id, { attachment, sentBytes: bytes, ...(record.adopted && { name, mediaType, bytes }) });
        await files.forget(id);
        return;
      } catch (error) {
        checking.delete(id);
        if (signal.aborted) return;
        const { code, message, retryAfterMs, worthRetrying } = asClientError(error);
        if (record.adopted && !worthRetrying) return end(id); // thrown away on another device
        const again = code === 'upload.offset' || (code === 'upload.unknown' && record.mediaId !== undefined);
        if (!worthRetrying && !again) return change(id, { failed: { code, words: message } });
        if (code === 'upload.unknown') records.set(id, withoutMedia(record));
        if ((records.get(id)?.sentBytes ?? 0) > sentBefore) tries = 0; // it goes on, however slowly
        waits.set(id, { code, words: message });
        show();
        await pause(backoff(tries, random(), retryAfterMs), signal);
        waits.delete(id);
        show();
      }
    }
  }

  function carryOne(record: UploadRecord, file: Blob | undefined, signal: AbortSignal): Promise<Attachment> {
    const { id } = record;
    const progress = {
      announced: (mediaId: Id) => change(id, { mediaId }),
      sent: (sentBytes: number) => change(id, { sentBytes }),
      checking() {
        checking.add(id);
        show();
      },
    };
    return carry(records.get(id) ?? record, file, { tus, result, progress, signal, now });
  }

  /** A wait that the end of the upload, or a new connection, cuts short. */
  function pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms);
      const end = () => {
        clearTimeout(timer);
        resolve();
      };
      signal.addEventListener('abort', end, { once: true });
      wake.promise.then(end);
    });
  }

  function drop(id: string): void {
    carriers.get(id)?.abort();
    carriers.delete(id);
    records.delete(id);
    blobs.delete(id);
    waits.delete(id);
    kept.delete(id);
    stored.delete(id);
  }
  function end(id: string): void {
    if (!records.has(id)) return;
    drop(id);
    write(id, undefined);
    files.forget(id);
    show();
  }

  function refusalOf(bytes: number): Because | undefined {
    const maxBytes = limits()?.mediaMaxBytes ?? Number.POSITIVE_INFINITY;
    const refused =
      bytes === 0
        ? ownRefusal('media.empty', {})
        : bytes > maxBytes
          ? ownRefusal('media.too_large', { bytes, maxBytes })
          : undefined;
    return refused && { code: refused.code, words: refused.message };
  }

  const nextOrder = (): number => Math.max(now(), ...[...records.values()].map(r => r.order + 1));

  const firstLoad = load();
  tabs.heard('uploads', load);

  return {
    all,
    add(conversationId, file, { name, said }) {
      const id = crypto.randomUUID();
      const failed = refusalOf(file.size);
      const facts = { id, conversationId, name, mediaType: file.type, bytes: file.size, said, order: nextOrder() };
      const record = { ...facts, inMessage: false, sentBytes: 0, ...(failed && { failed }) };
      records.set(id, record);
      blobs.set(id, file);
      files.keep(id, file).then(is => {
        if (!is || !records.has(id)) return;
        kept.add(id);
        write(id, records.get(id));
      });
      begin(id);
      show();
      return id;
    },
    async adopt(conversationId, mediaId) {
      await firstLoad;
      if (closed || [...records.values()].some(has(mediaId))) return;
      const id = mediaId; // the same in all tabs
      const facts = { id, conversationId, name: '', mediaType: '', bytes: 0, said: {}, order: nextOrder(), mediaId };
      records.set(id, { ...facts, inMessage: false, sentBytes: 0, adopted: true });
      begin(id);
      show();
    },
    async letGo(conversationId, mediaId) {
      await firstLoad;
      for (const record of [...records.values()].filter(has(mediaId)))
        if (record.conversationId === conversationId && !record.inMessage) end(record.id);
    },
    known: () => known,
    find: id => all.get().find(upload => upload.id === id),
    putInMessage(ids) {
      for (const id of ids) change(id, { inMessage: true });
    },
    takeOut(ids) {
      for (const id of ids) change(id, { inMessage: false });
    },
    retry(id) {
      const record = records.get(id);
      if (!record?.failed) return;
      const { failed: _, ...rest } = record;
      const refused = refusalOf(record.bytes);
      records.set(id, refused ? { ...rest, failed: refused } : withoutMedia(rest));
      write(id, records.get(id));
      begin(id);
      show();
    },
    cancel(id) {
      const record = records.get(id);
      const mediaId = record?.mediaId ?? record?.attachment?.id;
      end(id);
      if (mediaId !== undefined) tus.drop(mediaId).catch(() => {}); // it is swept later
    },
    forget: end,
    described: (id, attachment) => change(id, { attachment }),
    online(is) {
      online = is;
      if (is) {
        wake.resolve();
        wake = Promise.withResolvers();
        // what rests until the next connection looks at `online` then
      }
      show();
    },
    async close() {
      closed = true;
      await firstLoad;
      for (const carrier of carriers.values()) carrier.abort();
      wake.resolve();
      await Promise.all(writes);
    },
  };
}

const waitingForConnection: Because = { code: 'waiting.connection', words: 'Waiting for the connection.' };

/** The server does not have it any more: it begins anew. */
function withoutMedia({ mediaId: _, ...record }: UploadRecord): UploadRecord {
  return { ...record, sentBytes: 0 };
}
const has =
  (mediaId: Id) =>
  ({ mediaId: announced, attachment }: UploadRecord): boolean =>
    announced === mediaId || attachment?.id === mediaId;
const asClientError = (error: unknown): ClientError =>
  error instanceof ClientError ? error : new ClientError('server.fault', String(error));

const isRecord = (value: unknown): value is UploadRecord =>
  typeof value === 'object' && value !== null && 'id' in value && 'bytes' in value && 'order' in value;
