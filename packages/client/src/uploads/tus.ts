import { apiPrefix, type Id } from '@carpenter/protocol';
import { ClientError, unreachable } from '../error.ts';
import { refusalOf } from '../http.ts';
import type { Session } from '../session.ts';
import type { UploadRecord } from './types.ts';

/** The part of tus 1.0.0 that a client speaks. Promises reject with `ClientError` only. */
export interface Tus {
  create(file: UploadRecord): Promise<Id>;
  /** Where it goes on. @throws upload.unknown */
  offset(id: Id, signal: AbortSignal): Promise<number>;
  /** @returns where it goes on */
  send(id: Id, offset: number, part: Blob, signal: AbortSignal): Promise<number>;
  drop(id: Id): Promise<void>;
}

const version = { 'tus-resumable': '1.0.0' };
/** A part takes some seconds; the server looks at the whole file within its last one. */
const patienceMs = 60_000;

export function createTus(base: string, session: Session): Tus {
  const place = `${base}${apiPrefix}/uploads`;

  async function once(token: string, method: string, url: string, init: RequestInit): Promise<Response> {
    const headers = { ...version, authorization: `Bearer ${token}`, ...init.headers };
    const late = AbortSignal.timeout(patienceMs);
    const signal = init.signal ? AbortSignal.any([init.signal, late]) : late;
    const answer = await fetch(url, { ...init, method, headers, signal, cache: 'no-store' }).catch(() => {
      throw unreachable();
    });
    if (answer.ok) return answer;
    if (method === 'HEAD') throw headRefusal(answer.status); // it has no words
    throw refusalOf(answer, await answer.text().catch(() => ''));
  }

  async function ask(method: string, url: string, init: RequestInit = {}): Promise<Response> {
    try {
      return await once(await session.token(), method, url, init);
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== 'auth.expired') throw error;
      return await once(await session.renew(), method, url, init);
    }
  }
  const offsetOf = ({ headers }: Response): number => Number(headers.get('upload-offset') ?? Number.NaN);

  return {
    async create({ name, mediaType, said, bytes }) {
      const about = JSON.stringify(said);
      const metadata = `filename ${base64(name)},filetype ${base64(mediaType)},about ${base64(about)}`;
      const headers = { 'upload-length': String(bytes), 'upload-metadata': metadata };
      const answer = await ask('POST', place, { headers });
      return answer.headers.get('location')?.split('/').at(-1) ?? '';
    },
    offset: async (id, signal) => offsetOf(await ask('HEAD', `${place}/${id}`, { signal })),
    async send(id, offset, part, signal) {
      const headers = { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) };
      return offsetOf(await ask('PATCH', `${place}/${id}`, { headers, body: part, signal }));
    },
    async drop(id) {
      await ask('DELETE', `${place}/${id}`);
    },
  };
}

const headRefusal = (status: number): ClientError =>
  status === 401
    ? new ClientError('auth.expired', 'The access token is no longer valid.')
    : status === 404
      ? new ClientError('upload.unknown', 'There is no such upload.')
      : unreachable();

function base64(text: string): string {
  return btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
}
