import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import sharp from 'sharp';
import { download, picture, uploaded } from './files.ts';
import { house } from './house.ts';
import { account, direct } from './people.ts';

test('a photo goes to whoever may read the message it was sent in, and to nobody else', async t => {
  const { url } = await house(t);
  const [ana, ben, cleo] = await Promise.all(['ana', 'ben', 'cleo'].map(name => account(url, name)));
  assert.ok(ana && ben && cleo);
  const room = await direct(ana, ben);
  const photo = await uploaded(ana, await picture(1_200, 900).jpeg().toBuffer(), 'joint.jpg', 'image/jpeg');
  assert.deepEqual([photo.kind, photo.width, photo.height, photo.mediaType], ['image', 1_200, 900, 'image/jpeg']);
  assert.equal((await download(ben, photo.id)).status, 404); // not sent yet

  const { status, body } = await ana.http('POST', `/conversations/${room}/messages`, {
    clientId: randomUUID(),
    text: '',
    attachments: [photo.id],
  });
  assert.equal(status, 201, JSON.stringify(body));
  for (const person of [ana, ben]) {
    const answer = await download(person, photo.id);
    assert.equal(answer.status, 200);
    assert.equal(Number(answer.headers.get('content-length')), photo.bytes);
    const small = await download(person, photo.id, {}, '/thumbnail');
    const { format, width } = await sharp(Buffer.from(await small.arrayBuffer())).metadata();
    assert.deepEqual([format, width], ['webp', 960]);
  }
  const [real, none] = await Promise.all([download(cleo, photo.id), download(cleo, randomUUID())]);
  assert.deepEqual([real.status, await real.text()], [404, await none.text()]);
});
