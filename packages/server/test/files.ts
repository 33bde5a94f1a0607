import assert from 'node:assert/strict';
import { type Attachment, api, type Id } from '@carpenter/protocol';
import sharp, { type Sharp } from 'sharp';
import type { Person } from './people.ts';

/** Uploads in one piece. */
export async function upload(
  { url, grant }: Person,
  bytes: Uint8Array,
  name = 'photo.png',
  type = 'image/png',
  about?: object,
) {
  const query = new URLSearchParams({ name, ...(about && { about: JSON.stringify(about) }) });
  return fetch(`${url}/api/v1/media?${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${grant.accessToken}`, 'content-type': type },
    body: Buffer.from(bytes),
  });
}

/** The same, for a file that is sure to be taken. */
export async function uploaded(...given: Parameters<typeof upload>): Promise<Attachment> {
  const answer = await upload(...given);
  assert.equal(answer.status, 201, `${given[2]}: ${await answer.clone().text()}`);
  return api.uploadMedia.answers[201].parse(await answer.json());
}

export const download = ({ url, grant }: Person, id: Id, headers: Record<string, string> = {}, part = '') =>
  fetch(`${url}/api/v1/media/${id}${part}`, {
    headers: { authorization: `Bearer ${grant.accessToken}`, ...headers },
    redirect: 'manual',
  });

/** A picture with something on it: red above, blue below. */
export const picture = (width: number, height: number): Sharp =>
  sharp({ create: { width, height, channels: 3, background: '#c03020' } }).composite([
    {
      input: { create: { width, height: Math.ceil(height / 2), channels: 3, background: '#2040c0' } },
      gravity: 'south',
    },
  ]);
