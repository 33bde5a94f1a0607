import { apiPrefix, type Id } from '@carpenter/protocol';
import type { Account } from './account.ts';
import { ClientError, noSession, unreachable } from './error.ts';
import { refusalOf } from './http.ts';
import type { Session } from './session.ts';
import type { MediaClient } from './types.ts';

/** What one does with files. */
export function mediaClient(
  base: string,
  session: Session,
  account: () => Account | undefined,
  uploads: MediaClient['uploads'],
): MediaClient {
  const { ask } = session;
  const mediaUrl = (id: Id, size?: 'thumbnail') => `${base}${apiPrefix}/media/${id}${size ? `/${size}` : ''}`;

  async function fetched(url: string, token: string): Promise<Blob> {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } }).catch(() => {
      throw unreachable();
    });
    if (!answer.ok) throw refusalOf(answer, await answer.text().catch(() => ''));
    return answer.blob().catch(() => {
      throw unreachable();
    });
  }

  return {
    uploads,
    upload(conversationId, file, { name, said = {} } = {}) {
      const mine = account();
      if (!mine) throw noSession();
      const own = 'name' in file && typeof file.name === 'string' ? file.name : '';
      return mine.uploads.add(conversationId, file, { name: name ?? own, said });
    },
    retryUpload: id => account()?.uploads.retry(id),
    cancelUpload: id => account()?.uploads.cancel(id),
    async describeUpload(id, alt) {
      const status = account()?.uploads.find(id)?.status;
      if (status?.is !== 'ready') throw new ClientError('upload.unknown', 'There is no such upload.');
      const attachment = await ask('describeMedia', { params: { id: status.attachment.id }, body: { alt } });
      account()?.uploads.described(id, attachment);
    },
    mediaUrl,
    async download(id, size) {
      const url = mediaUrl(id, size);
      try {
        return await fetched(url, await session.token());
      } catch (error) {
        if (!(error instanceof ClientError) || error.code !== 'auth.expired') throw error;
        return await fetched(url, await session.renew());
      }
    },
    async mediaIn(id, { kinds, cursor } = {}) {
      const query = { kind: kinds?.join(','), cursor, limit: 50 };
      const { media, next } = await ask('conversationMedia', { params: { id }, query });
      return { media, ...(next !== undefined && { next }) };
    },
    mediaUsage: () => ask('mediaUsage', {}),
  };
}
