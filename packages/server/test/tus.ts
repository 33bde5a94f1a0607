import assert from 'node:assert/strict';
import type { Person } from './people.ts';

/** One tus request, as the protocol has it. */
export async function say(
  { url, grant }: Person,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: Buffer,
) {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${grant.accessToken}`, 'tus-resumable': '1.0.0', ...headers },
    ...(body && { body }),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}
export const part = { 'content-type': 'application/offset+octet-stream' };
export const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Where the upload of so many bytes goes. */
export async function begun(person: Person, bytes: number, name = 'plank.bin', type = 'application/octet-stream') {
  const { status, headers, text } = await say(person, 'POST', '/api/v1/uploads', {
    'upload-length': String(bytes),
    'upload-metadata': `filename ${base64(name)},filetype ${base64(type)}`,
  });
  assert.equal(status, 201, text);
  const place = headers.get('location') ?? '';
  return { place, id: place.split('/').at(-1) ?? '' };
}
export const codeOf = ({ text }: { text: string }): unknown => JSON.parse(text).code;
export const offsetAt = async (person: Person, place: string) =>
  Number((await say(person, 'HEAD', place, {})).headers.get('upload-offset'));
