import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { type Id, type Message, message, type Preview } from '@carpenter/protocol';
import sharp from 'sharp';
import { ask, refused } from './ask.ts';
import { house } from './house.ts';
import { webServer } from './outside-world.ts';
import { account, group, type Line, type Person } from './people.ts';

const picture = sharp({ create: { width: 640, height: 320, channels: 3, background: '#146448' } })
  .jpeg()
  .toBuffer();

/** Somebody's web site. */
const site = (t: TestContext) =>
  webServer(t, async (request, response) => {
    if (request.url === '/picture.jpg')
      return response.writeHead(200, { 'content-type': 'image/jpeg' }).end(await picture);
    if (request.url === '/lies.jpg')
      return response.writeHead(200, { 'content-type': 'image/png' }).end('<svg onload=x>');
    if (request.url === '/file.zip') return response.writeHead(200, { 'content-type': 'application/zip' }).end('PK');
    const image = request.url === '/lying' ? 'lies.jpg' : 'picture.jpg';
    return response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(
        `<title>Joints</title><meta property="og:description" content="Dovetails"><meta property="og:image" content="/${image}">`,
      );
  });

async function say(person: Person, room: Id, text: string, more: object = {}): Promise<Message> {
  const { body } = await person.http('POST', `/conversations/${room}/messages`, {
    clientId: randomUUID(),
    text,
    ...more,
  });
  return message.parse(body.message);
}
const previewed = (line: Line, seq: number) =>
  line.next('message.updated', event => event.change === 'preview' && event.message.seq === seq);
const at = async (person: Person, room: Id, seq: number): Promise<Preview | undefined> =>
  message.parse((await person.http('GET', `/conversations/${room}/messages/${seq}`)).body).preview;

test('a link gets its preview a moment later, its picture comes from here, and only to those who may read', async t => {
  const pages = await site(t);
  const { url } = await house(t, { reachable: [pages.at] });
  const [ana, ben, eve] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'eve')];
  const room = await group(ana, [ben]);
  const line = await ben.connect(t);
  const link = `${pages.url}/page#top`;
  const { seq, preview: none } = await say(ana, room, `Look: ${link}.`);
  assert.equal(none, undefined, 'sending does not wait for it');
  const { message: updated } = await previewed(line, seq);
  const { imageId, blur, ...said } = updated.preview ?? { url: '' };
  assert.deepEqual(said, { url: link, title: 'Joints', description: 'Dovetails', width: 640, height: 320 });
  assert.ok(imageId && blur);
  const fetched = (person: Person) => ask(url, `/api/v1/media/${imageId}`, { token: person.grant.accessToken });
  const image = await fetched(ben);
  assert.deepEqual([image.status, image.headers.get('content-type')], [200, 'image/webp']);
  assert.equal((await fetched(eve)).status, 404);
  const { body } = await ben.http('GET', `/conversations/${room}/media`);
  assert.ok(!JSON.stringify(body).includes(imageId), 'it is no file of the conversation');

  const asked = pages.asked.length;
  const again = await say(ana, room, link);
  await previewed(line, again.seq);
  assert.equal(pages.asked.length, asked, 'remembered');
});

test('a link of hundreds of letters of another script gets its preview, too, and its page is asked once', async t => {
  const pages = await site(t);
  const { url } = await house(t, { reachable: [pages.at] });
  const ana = await account(url, 'ana');
  const room = await group(ana, []);
  const line = await ana.connect(t);
  // no letter twice, so that the database cannot make it much shorter
  const letters = Array.from({ length: 900 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 7_919) % 20_000)));
  const link = `${pages.url}/${letters.join('')}`;
  const { seq } = await say(ana, room, link);
  assert.equal((await previewed(line, seq)).message.preview?.url, link);
  await previewed(line, (await say(ana, room, link)).seq);
  assert.equal(pages.asked.filter(asked => asked.includes('/%E4%B8')).length, 1);
});

test('its sender can take a preview away or send without one; an edit brings the right one', async t => {
  const pages = await site(t);
  const { url } = await house(t, { reachable: [pages.at] });
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const room = await group(ana, [ben]);
  const line = await ben.connect(t);
  const without = await say(ana, room, `${pages.url}/without`, { preview: false });
  const first = await say(ana, room, `${pages.url}/first`);
  await previewed(line, first.seq);
  assert.equal(await at(ben, room, without.seq), undefined);
  const address = `/conversations/${room}/messages/${first.seq}`;
  assert.equal((await ben.http('DELETE', `${address}/preview`)).body.code, 'message.not_yours');
  await ana.http('PATCH', address, { text: `${pages.url}/second` });
  assert.equal((await previewed(line, first.seq)).message.preview?.url, `${pages.url}/second`);
  await ana.http('PATCH', address, { text: 'no link any more' });
  assert.equal((await previewed(line, first.seq)).message.preview, undefined);
  await ana.http('PATCH', address, { text: `${pages.url}/third` });
  await previewed(line, first.seq);
  const { body } = await ana.http('DELETE', `${address}/preview`);
  assert.equal(message.parse(body).preview, undefined);
  await previewed(line, first.seq);
  const last = await say(ana, room, `${pages.url}/last`);
  await previewed(line, last.seq);
  assert.equal(await at(ana, room, first.seq), undefined, 'none comes back');
});

test('a page inside, a file, a lying picture: no preview, or none of what lies; nothing inside was asked', async t => {
  const pages = await site(t);
  const canary = await webServer(t, (_, response) => response.end('<title>secret</title>'));
  const { url } = await house(t, { reachable: [pages.at] });
  const ana = await account(url, 'ana');
  const room = await group(ana, []);
  const line = await ana.connect(t);
  const inside = [`${canary.url}/`, 'http://169.254.169.254/latest/meta-data/', `http://0x7f.0.0.1:${canary.port}/`];
  for (const text of [...inside, `${pages.url}/file.zip`]) await say(ana, room, text);
  const lying = await say(ana, room, `${pages.url}/lying`);
  const { message: updated } = await previewed(line, lying.seq);
  assert.deepEqual(updated.preview, { url: `${pages.url}/lying`, title: 'Joints', description: 'Dovetails' });
  for (let seq = 1; seq < lying.seq; seq++) assert.equal(await at(ana, room, seq), undefined);
  assert.deepEqual(canary.asked, []);
});

test('where the server looks at no pages, none is asked', async t => {
  const pages = await site(t);
  const { url } = await house(t, { reachable: [pages.at], linkPreviews: false });
  const ana = await account(url, 'ana');
  const room = await group(ana, []);
  const { seq } = await say(ana, room, `@ana ${pages.url}/page`);
  const address = `/api/v1/conversations/${room}/messages/${seq}`;
  refused(await ask(url, `${address}9/preview`, { method: 'DELETE', token: ana.grant.accessToken }), 'message.unknown');
  assert.deepEqual(pages.asked, []);
});

test('pages that never answer, linked to by many, do not make others wait for a preview', async t => {
  const pages = await site(t);
  const silent = await webServer(t, () => {}); // keeps whoever asks waiting
  const { url } = await house(t, { reachable: [pages.at, silent.at] });
  const ana = await account(url, 'ana');
  const room = await group(ana, []);
  const line = await ana.connect(t);
  const linksEach = 10;
  const others = await Promise.all(['mallory', 'trudy', 'eve'].map(name => account(url, name)));
  for (const other of others) {
    const lair = await group(other, []);
    for (let n = 0; n < linksEach; n++) await say(other, lair, `${silent.url}/${other.username}/${n}`);
  }
  const { seq } = await say(ana, room, `${pages.url}/page`);
  await previewed(line, seq);
  const before = new Set(silent.asked).size;
  assert.ok(before < linksEach, `${before} of ${others.length * linksEach} slow pages came before`);
});
