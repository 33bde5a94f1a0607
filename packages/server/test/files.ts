import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Attachment, api, type Id } from '@carpenter/protocol';
import sharp, { type Sharp } from 'sharp';
import { house } from './house.ts';
import type { Person } from './people.ts';

/** A house whose folder one can look into: the names of its files, without what is random in them. */
export async function openHouse(t: TestContext, changes: Parameters<typeof house>[1] = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'carpenter-media-'));
  const running = await house(t, { ...changes, dataDir });
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  const kept = async () =>
    (await readdir(join(dataDir, 'media'), { recursive: true, withFileTypes: true }))
      .filter(entry => entry.isFile())
      .map(({ name }) => name.replace(/-[0-9a-f-]{36}$/, ''));
  return { ...running, dataDir, kept };
}

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
