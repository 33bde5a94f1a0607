import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api } from '@carpenter/protocol';
import type { Page } from 'playwright-core';
import { onCluster } from '../../server/test/cluster.ts';
import { uploaded } from '../../server/test/files.ts';
import { webServer } from '../../server/test/outside-world.ts';
import { account, group } from '../../server/test/people.ts';
import { sent } from '../../server/test/sent.ts';
import { message, openHouse, visit } from './browser.ts';
import { payloads } from './payloads.ts';

/** Looks at everything that ever stands in the page, from its first element on. What it says fails the test. */
function watch(): void {
  const foreign = 'iframe,frame,object,embed,base,style,marquee,math,template,foreignObject,animate,set,image,xss';
  const acts = ['href', 'xlink:href', 'src', 'srcdoc', 'action', 'formaction', 'data', 'style'];
  const judge = (element: Element) => {
    const wrong = [...element.attributes].find(({ name, value }) => {
      if (/^on/i.test(name) || name === 'srcdoc' || name === 'formaction' || name === 'http-equiv') return true;
      if (name === 'style' || !acts.includes(name) || value === '') return false;
      const { protocol, origin } = new URL(value, location.href);
      if (element.localName === 'a') return !/^(https?|mailto|blob):$/.test(protocol);
      return protocol !== 'blob:' && protocol !== 'data:' && origin !== location.origin;
    });
    const isForeign =
      element.matches(foreign) ||
      element.id === 'carved' ||
      (element.localName === 'script' && !element.hasAttribute('src'));
    if (wrong || isForeign) console.error(`Somebody's words became ${element.outerHTML.slice(0, 200)}`);
  };
  const all = (root: Node) => {
    if (!(root instanceof Element)) return;
    judge(root);
    for (const element of root.querySelectorAll('*')) judge(element);
  };
  new MutationObserver(changes => {
    for (const { target, addedNodes } of changes) {
      if (target instanceof Element) judge(target);
      for (const added of addedNodes) all(added);
    }
  }).observe(document, { subtree: true, childList: true, attributes: true });
  Object.defineProperty(window, 'carved', { set: () => console.error("Somebody's words ran") });
}

/** @returns what the page asked elsewhere, and what it asked the person */
async function watched(page: Page, home: string): Promise<string[]> {
  const told: string[] = [];
  await page.context().addInitScript(watch);
  page.on('dialog', dialog => {
    told.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', request => {
    if (!request.url().startsWith(home) && !/^(blob|data:image)/.test(request.url())) told.push(request.url());
  });
  return told;
}

/** Those that may be a name. */
const names = payloads.filter(text => text.length <= 64 && !/[\p{Cc}]/u.test(text));
const name = (at: number): string => names[at % names.length] ?? 'carved';

test('promise 5: whatever people write, wherever it is shown, it is text: nothing of it acts, loads or leads anywhere but to a page', async t => {
  const site = await webServer(t, (request, response) => {
    const at = Number(/\d+$/.exec(request.url ?? '')?.[0] ?? 0);
    const said = (offset: number) =>
      name(at * 4 + offset)
        .replaceAll('&', '&amp;')
        .replaceAll('"', '&quot;');
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(
        `<meta property="og:title" content="${said(0)} carved"><meta property="og:description" content="${said(1)}"><meta property="og:site_name" content="${said(2)}"><meta property="og:url" content="javascript:carved=1"><meta property="og:image" content="javascript:carved=1">`,
      );
  });
  const home = await openHouse(t, { reachable: [site.at] });
  const ana = await visit(t, home, 'Ana');
  const { page } = ana;
  await page.goto('about:blank');
  const told = await watched(page, home.url);

  const eves = await Promise.all(['eve', 'mallory', 'trudy'].map(username => account(home.url, username)));
  const [eve, mallory, trudy] = eves;
  assert.ok(eve && mallory && trudy);
  for (const [at, person] of eves.entries()) {
    const about = { displayName: name(3 + at * 11), pronouns: name(7 + at).slice(0, 40), about: payloads[5 + at] };
    assert.equal((await person.http('PATCH', '/users/me', about)).status, 200);
    await person.http('PUT', '/users/me/status', { text: name(20 + at), emoji: '🪚' });
  }
  const anas = { ...eve, id: ana.id };
  const room = await group(eve, [anas, mallory, trudy], name(0));
  const said = await sent(eve, room, payloads.slice(0, 8).join('\n\n'));
  const line = await eve.connect(t);
  for (let at = 8; at < payloads.length; at += 8) await sent(eve, room, payloads.slice(at, at + 8).join('\n\n'));
  const linked = [];
  for (let at = 0; at < 3; at++) linked.push(await sent(mallory, room, `${site.url}/${at}`));
  for (const { seq } of linked)
    await line.next('message.updated', e => e.change === 'preview' && e.message.seq === seq);
  const files = [];
  for (const [at, bytes] of [Buffer.from('%PDF-1.7\n'), Buffer.from('<svg onload=carved=1>')].entries()) {
    const about = { alt: payloads[at + 9] ?? '' };
    files.push((await uploaded(mallory, bytes, `${name(at * 5 + 1)}.html`, 'text/html', about)).id);
  }
  await sent(mallory, room, `@ana ${payloads[1]}`, { attachments: files });
  const poll = await sent(eve, room, payloads[3] ?? '', { poll: { options: names.slice(12, 22) } });
  await ana.call('PUT', `/conversations/${room}/messages/${poll.seq}/votes`, { votes: [2] });
  const answer = await sent(trudy, room, `@ana ${payloads[10]}`, { replyTo: said.seq });
  await sent(trudy, room, '', { forward: { conversationId: room, seq: said.seq } });
  const at = `/conversations/${room}/messages/${answer.seq}`;
  await trudy.http('PATCH', at, { text: `@ana carved ${payloads[11]}` });
  await eve.http('PUT', `${at}/pin`);
  const thread = await ana.call<{ conversation: { id: string } }>('POST', `${at}/thread`);
  await sent(trudy, thread.conversation.id, `@ana carved ${payloads.slice(40, 50).join('\n')}`);
  await ana.call('PUT', `${at}/bookmark`, { note: payloads[12] });
  for (const topic of [payloads[13], payloads[51]]) await eve.http('PATCH', `/conversations/${room}`, { topic });
  for (const title of [name(30), name(31)])
    await eve.http('PATCH', `/conversations/${room}`, { name: `${title.slice(0, 50)} carved` });
  await ana.call('PATCH', `/conversations/${room}/mine`, { folder: name(40), keywords: [name(41), name(42)] });
  await ana.call('PATCH', '/users/me', { preferences: { keywords: [name(43), name(44)] } });
  await eve.http('PATCH', `/conversations/${room}/members/${ana.id}`, { role: 'moderator' });
  await trudy.http('POST', `/conversations/${room}/messages/${said.seq}/report`, {
    reason: 'other',
    text: payloads[14],
  });
  const writtenAt = new Date().toISOString();
  await ana.call('PUT', `/conversations/${thread.conversation.id}/draft`, {
    text: payloads.slice(0, 60).join(' '),
    writtenAt,
  });
  await ana.call('POST', `/conversations/${room}/scheduled`, {
    text: `carved ${payloads[15]}`,
    sendAt: '2027-05-01T10:00:00.000Z',
  });
  const two = await eve.http('POST', '/conversations', { type: 'direct', userId: ana.id });
  const direct = api.conversation.answers[200].parse(two.body).conversation.id;
  await sent(eve, direct, payloads[33] ?? '');
  for (const at of [45, 46, 47]) {
    const channel = { type: 'channel', name: name(at).slice(0, 64), visibility: 'public' };
    const made = api.conversation.answers[200].parse((await eve.http('POST', '/conversations', channel)).body);
    const topic = { topic: `carved ${payloads[at]}` };
    assert.equal((await eve.http('PATCH', `/conversations/${made.conversation.id}`, topic)).status, 200);
  }
  const invited = await eve.http('POST', '/invites', { conversationIds: [room] });
  const { code } = api.createInvite.answers[201].parse(invited.body);
  await ana.call('PATCH', '/users/me', { displayName: name(5) });
  // Past the server, which cleans the names of devices: the page does not rely on it.
  const all = `ARRAY[${payloads.map(text => `'${text.replaceAll("'", "''")}'`).join(', ')}]`;
  await onCluster(
    home.databaseUrl,
    `UPDATE auth_sessions SET device = array_to_string(${all}, ' ')`,
    `INSERT INTO deliveries (id, user_id, over, device, last_error, given_up_at)
     SELECT gen_random_uuid(), '${eve.id}', 'push', words, words, now() FROM unnest(${all}) words`,
  );

  const odd = encodeURIComponent(payloads[6] ?? '');
  const places: Record<string, string> = {
    [`/c/${room}`]: '[data-body]',
    [`/c/${direct}`]: '[data-body]',
    [`/c/${room}/details`]: '[data-body]',
    [`/c/${room}/t/${answer.seq}`]: 'aside [data-body]',
    '/threads': 'main',
    '/mentions': 'main',
    '/bookmarks': 'main',
    '/later': 'main',
    '/reports': 'main',
    '/channels': 'main',
    [`/join/${code}`]: 'main',
    '/settings/devices': 'main',
    '/admin/deliveries': 'main',
    '/search?q=carved': 'mark',
    '/search?q=script&find=files': '[data-hit]',
    [`/search?q=${odd}`]: 'main',
  };
  await page.setViewportSize({ width: 1280, height: 5_000 }); // all messages are in view
  await page.goto('/');
  const goTo = (to: string) => page.evaluate(place => history.pushState(null, '', place), to);
  for (const [place, where] of Object.entries(places)) {
    await goTo(place);
    await page.locator(where).filter({ hasText: 'carved' }).first().waitFor();
  }
  for (const [place, words] of [
    [`/c/${odd}`, 'This conversation is not here'],
    ['/c/%', 'This conversation is not here'],
    [`/join/${odd}`, 'There is no such invite'],
    [`/settings/${odd}`, 'Profile'],
  ] as const) {
    await goTo(place);
    await page.getByText(words).first().waitFor();
  }
  await goTo(`/c/${room}`);
  await message(page, `@${name(5)} carved`)
    .first()
    .focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'See earlier versions' }).click();
  await page.getByRole('dialog').filter({ hasText: 'carved' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('carved');
  await page
    .getByRole('option', { name: /carved/ })
    .first()
    .waitFor();
  assert.deepEqual(told, []);
});
