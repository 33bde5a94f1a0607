import { openAsBlob } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { refusal } from '@carpenter/protocol';
import { AwsClient } from 'aws4fetch';
import type { Logger } from 'pino';
import { BlobMissing, type BlobStore } from './blobs.ts';

export interface S3Config {
  /** Origin, without a path. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Until the answer begins; a large file goes up within it. */
const patienceMs = 300_000;

/**
 * Files in a bucket, which nobody but this server needs to reach: they come and go through it, so the bucket stays closed and every
 * answer has our headers. Addresses in path style, which all S3-compatible stores know.
 */
export function openS3({ endpoint, bucket, region, accessKeyId, secretAccessKey }: S3Config, log: Logger): BlobStore {
  const aws = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 2, initRetryMs: 200 });
  const base = `${endpoint}/${encodeURIComponent(bucket)}`;

  /** @throws {Refusal} media.store_away when it does not answer, or not well */
  async function ask(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    let answer: Response;
    try {
      const signal = AbortSignal.timeout(patienceMs);
      answer = await aws.fetch(base + path, { ...init, method, signal });
    } catch (error) {
      log.warn({ err: error, method }, 'the S3 store does not answer');
      throw away();
    }
    if (answer.ok || answer.status === 404) return answer;
    const words = await answer.text();
    log.error({ method, status: answer.status, words: words.slice(0, 500) }, 'the S3 store refused');
    throw away();
  }

  return {
    async put(key, path) {
      const { status } = await ask('PUT', `/${key}`, { body: await openAsBlob(path) });
      if (status === 404) {
        log.error({ bucket }, 'there is no such bucket in the S3 store');
        throw away();
      }
      await rm(path, { force: true });
    },
    async read(key, range) {
      const { status, body } = await ask('GET', `/${key}`, {
        headers: range ? { range: `bytes=${range.start}-${range.end}` } : {},
      });
      if (status === 404 || !body) throw new BlobMissing(key);
      return Readable.from(body);
    },
    async remove(key) {
      await ask('DELETE', `/${key}`);
    },
    async removeAll(folder, but = []) {
      for (;;) {
        const list = await ask('GET', `?list-type=2&prefix=${encodeURIComponent(`${folder}/`)}`);
        const keys = [...(await list.text()).matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key = '']) => key);
        const left = keys.filter(key => !but.includes(key));
        if (left.length === 0) return; // a listing names a thousand at most
        for (const key of left) await ask('DELETE', `/${key}`);
      }
    },
  };
}

const away = () => refusal('media.store_away', { retryAfterMs: 5_000 });
