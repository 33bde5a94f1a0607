import { apiPrefix, type Id, type Me, type MediaKind, type SaidOfMedia, type SentMedia } from '@carpenter/protocol';
import type { Account } from './account.ts';
import { ClientError, foreign, noSession, unreachable } from './error.ts';
import { parsed, refusalOf } from './http.ts';
import type { Session } from './session.ts';
import type { Observable } from './types/basics.ts';
import type { Upload } from './uploads/types.ts';

/** Files on their way, and files that were sent. */
export interface MediaClient {
  /** Of mine, on their way: in composers, and with messages in the outbox. In the order of adding. */
  readonly uploads: Observable<readonly Upload[]>;
  /** Begins at once; goes on after a lost connection and, in browsers, after a reload. @returns its id in `uploads` */
  upload(conversationId: Id, file: Blob, more?: { readonly name?: string; readonly said?: SaidOfMedia }): string;
  /** A file that another device of mine uploaded for this conversation stands in `uploads` here too, without its bytes. */
  adoptUpload(conversationId: Id, mediaId: Id): void;
  /** Such a file does not stand in this conversation's composer any more; the server keeps it for my other devices. */
  forgetUpload(conversationId: Id, mediaId: Id): void;
  retryUpload(id: string): void;
  /** Takes it back, wherever it stands. */
  cancelUpload(id: string): void;
  /** What can be seen in a file that is uploaded and not sent. */
  describeUpload(id: string, alt: string): Promise<void>;
  /** Address of a file, for `<img>` and the like in browsers, which have a cookie for it. */
  mediaUrl(id: Id, size?: 'thumbnail'): string;
  /** Its bytes, for programs. */
  download(id: Id, size?: 'thumbnail'): Promise<Blob>;
  /** Files sent in a conversation, latest first. `cursor`: the former page's `next`. */
  mediaIn(
    conversationId: Id,
    query?: { readonly kinds?: readonly MediaKind[]; readonly cursor?: string },
  ): Promise<{ readonly media: readonly SentMedia[]; readonly next?: string }>;
  /** My face, square at best; without one: none any more. */
  setPicture(picture?: Blob): Promise<Me>;
  /** The picture of a group or channel, square at best; without one: none any more. */
  setConversationPicture(conversationId: Id, picture?: Blob): Promise<void>;
  mediaUsage(): Promise<{ readonly usedBytes: number; readonly quotaBytes: number }>;
}

/** What one does with files. */
export function mediaClient(
  base: string,
  session: Session,
  account: () => Account | undefined,
  uploads: MediaClient['uploads'],
): MediaClient {
  const { ask } = session;
  const mediaUrl = (id: Id, size?: 'thumbnail') => `${base}${apiPrefix}/media/${id}${size ? `/${size}` : ''}`;

  /** A request that is not JSON. An access token that the server takes for old is renewed once. */
  async function fetched(url: string, init: RequestInit = {}): Promise<Response> {
    const once = async (token: string) => {
      const answer = await fetch(url, { ...init, headers: { authorization: `Bearer ${token}` } }).catch(() => {
        throw unreachable();
      });
      if (!answer.ok) throw refusalOf(answer, await answer.text().catch(() => ''));
      return answer;
    };
    try {
      return await once(await session.token());
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== 'auth.expired') throw error;
      return await once(await session.renew());
    }
  }
  const broken = () => {
    throw unreachable();
  };
  /** In one piece, for what is small. @returns its id */
  async function put(file: Blob): Promise<Id> {
    const answer = await fetched(`${base}${apiPrefix}/media?name=face`, { method: 'POST', body: file });
    const stored = parsed(await answer.text().catch(broken));
    if (typeof stored === 'object' && stored !== null && 'id' in stored && typeof stored.id === 'string')
      return stored.id;
    throw foreign(answer.status);
  }

  return {
    uploads,
    upload(conversationId, file, { name, said = {} } = {}) {
      const mine = account();
      if (!mine) throw noSession();
      const own = 'name' in file && typeof file.name === 'string' ? file.name : '';
      return mine.uploads.add(conversationId, file, { name: name ?? own, said });
    },
    adoptUpload: (id, mediaId) => void account()?.uploads.adopt(id, mediaId),
    forgetUpload: (id, mediaId) => void account()?.uploads.letGo(id, mediaId),
    retryUpload: id => account()?.uploads.retry(id),
    cancelUpload: id => account()?.uploads.cancel(id),
    async describeUpload(id, alt) {
      const status = account()?.uploads.find(id)?.status;
      if (status?.is !== 'ready') throw new ClientError('upload.unknown', 'There is no such upload.');
      const attachment = await ask('describeMedia', { params: { id: status.attachment.id }, body: { alt } });
      account()?.uploads.described(id, attachment);
    },
    mediaUrl,
    download: async (id, size) => (await fetched(mediaUrl(id, size))).blob().catch(broken),
    async mediaIn(id, { kinds, cursor } = {}) {
      const query = { kind: kinds?.join(','), cursor, limit: 50 };
      const { media, next } = await ask('conversationMedia', { params: { id }, query });
      return { media, ...(next !== undefined && { next }) };
    },
    async setPicture(picture) {
      const me = picture
        ? await ask('setPicture', { body: { mediaId: await put(picture) } })
        : await ask('clearPicture', {});
      session.changeMe(me);
      account()?.people.know([me]);
      return me;
    },
    async setConversationPicture(id, picture) {
      const pictureId = picture ? await put(picture) : null;
      await ask('updateConversation', { params: { id }, body: { pictureId } });
    },
    mediaUsage: () => ask('mediaUsage', {}),
  };
}
