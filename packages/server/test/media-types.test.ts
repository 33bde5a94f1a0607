import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, refused } from './ask.ts';
import { house } from './house.ts';
import { account } from './people.ts';

test('a file that comes without a type, or with one that is none, is taken for its bytes', async t => {
  const { url } = await house(t);
  const { grant } = await account(url, 'ana');
  for (const type of ['', 'x', ';', 'text']) {
    const answer = await ask(url, '/api/v1/media?name=a.txt', {
      token: grant.accessToken,
      body: 'some text',
      headers: { 'content-type': type },
    });
    assert.equal(answer.status, 201, `${type}: ${answer.text}`);
  }
  const part = { method: 'PATCH', token: grant.accessToken, body: 'x' };
  const id = '01a22c1c-67ea-768c-9fd5-e68668eb3358';
  const headers = { 'content-type': '', 'tus-resumable': '1.0.0', 'upload-offset': '0' };
  refused(await ask(url, `/api/v1/uploads/${id}`, { ...part, headers }), 'upload.not_bytes');
  refused(await ask(url, '/api/v1/users/me', { ...part, headers: { 'content-type': '' } }), 'body.not_json');
});
