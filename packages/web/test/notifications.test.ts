import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Page, Worker } from 'playwright-core';
import { webServer } from '../../server/test/outside-world.ts';
import { clean, cleanInBoth } from './axe.ts';
import {
  account,
  composer,
  dayMs,
  direct,
  group,
  message,
  openHouse,
  type Person,
  row,
  setClock,
  until,
  visit,
  write,
} from './browser.ts';

/** Somebody whose browser may show notifications. They look elsewhere from `away(true)` on. */
async function allowed(t: TestContext, home: Awaited<ReturnType<typeof openHouse>>, name: string, clockMs = 0) {
  const person = await visit(t, home, name, { browser: 'whole' });
  const { context, page } = person;
  await context.grantPermissions(['notifications', 'clipboard-read', 'clipboard-write'], { origin: home.url });
  await page.evaluate(() => localStorage.setItem('carpenter.notifications', '"on"'));
  if (clockMs !== 0) await setClock(person, clockMs);
  await context.addInitScript(() => {
    document.hasFocus = () => localStorage.getItem('test.away') === null;
  });
  await page.reload();
  const away = (is: boolean) =>
    page.evaluate(is => {
      if (is) localStorage.setItem('test.away', 'yes');
      else localStorage.removeItem('test.away');
      dispatchEvent(new Event(is ? 'blur' : 'focus'));
    }, is);
  return { ...person, away };
}
/** Playwright's browser says no where it was not told to say yes; here nobody was asked yet. */
const unasked = async ({ context, page }: Person) => {
  await context.addInitScript(() => Object.defineProperty(Notification, 'permission', { get: () => 'default' }));
  await page.reload();
};
/** What stands on the desktop. */
const notes = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    return (await registration.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }));
  });
const workerOf = async ({ context }: Person): Promise<Worker> =>
  context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));

/** Has the browser tell its service worker something, as if a push service had brought it. */
async function push({ context, page }: Person, url: string, what: object) {
  const session = await context.newCDPSession(page);
  const registered = Promise.withResolvers<string>();
  session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    const [one] = registrations;
    if (one) registered.resolve(one.registrationId);
  });
  await session.send('ServiceWorker.enable');
  const registrationId = await registered.promise;
  await session.send('ServiceWorker.deliverPushMessage', { origin: url, registrationId, data: JSON.stringify(what) });
  await session.detach();
}

type Note = Awaited<ReturnType<typeof notes>>[number];
/** … and again, until the desktop shows it: what comes while the worker still sees to the last one may be lost. */
const pushUntil = (who: Person, url: string, what: object, holds: (found: Note[]) => boolean, why: string) =>
  until(
    async () => {
      await push(who, url, what);
      const end = Date.now() + 2_000;
      for (;;) {
        const found = await notes(who.page);
        if (holds(found) || Date.now() > end) return found;
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    },
    holds,
    why,
  );

test('who looks elsewhere, with a clock that is a day ahead, gets one note a conversation, and none for what they read or look at', async t => {
  const home = await openHouse(t);
  const [ana, ben] = [await account(home, 'Ana'), await allowed(t, home, 'Ben', dayMs)];
  const room = await group(ana, 'Workshop', ben);
  await row(ben.page, 'Workshop').waitFor();
  await ana.say(room, 'while you look');
  await row(ben.page, 'Workshop').getByText('while you look').waitFor();
  await ben.away(true);
  await ana.say(room, 'first');
  await ana.say(room, '@ben second');
  await until(
    () => notes(ben.page),
    found => found.length === 1 && found[0]?.body === '@ben second',
    'one note, the newest',
  );
  assert.deepEqual(await notes(ben.page), [{ title: 'Ana in Workshop', body: '@ben second', tag: room }]);
  assert.match(await ben.page.title(), /^\(3\) /);
  await ben.call('PUT', `/conversations/${room}/read`, { seq: 100 });
  await until(
    () => notes(ben.page),
    found => found.length === 0,
    'read elsewhere, it goes',
  );
  await until(
    () => ben.page.title(),
    title => title === 'Carpenter',
    'and so does the number',
  );
});

declare global {
  /** Of the test page: a tone of the page, and when. */
  var rang: (at: number, hertz: number) => Promise<void>;
}

test('two tabs ring once for a message, and not at all for what one of them shows in front', async t => {
  const home = await openHouse(t);
  const [ana, ben] = [await account(home, 'Ana'), await visit(t, home, 'Ben', { blank: true })];
  const [room, shop] = [await direct(ana, ben), await group(ana, 'Workshop', ben)];
  const rung: { at: number; hertz: number }[] = [];
  await ben.context.exposeFunction('rang', (at: number, hertz: number) => rung.push({ at, hertz }));
  await ben.context.addInitScript(() => {
    document.hasFocus = () => sessionStorage.getItem('test.away') === null;
    const set = AudioParam.prototype.setValueAtTime;
    AudioParam.prototype.setValueAtTime = function (value, at) {
      if (value > 20) void rang(Date.now(), Math.round(value / 1.06));
      return set.call(this, value, at);
    };
    globalThis.AudioContext = class extends AudioContext {
      constructor() {
        super();
        const say = () => {
          document.documentElement.dataset.audio = this.state;
        };
        this.addEventListener('statechange', say);
        say();
      }
    };
  });
  const [front, back] = [ben.page, await ben.context.newPage()];
  for (const page of [back, front]) {
    await page.goto('/');
    await row(page, 'Workshop').waitFor();
    await page.keyboard.press('Shift'); // from now on it may be heard
    await page.locator('html[data-audio="running"]').waitFor();
  }
  await back.evaluate(() => {
    sessionStorage.setItem('test.away', 'yes');
    dispatchEvent(new Event('blur'));
  });
  await row(front, 'Ana').click();
  await composer(front).waitFor();
  await ana.say(room, 'under your eyes');
  await message(front, 'under your eyes').waitFor();
  await row(back, 'Ana').getByText('under your eyes').waitFor();
  let n = 0;
  const rings = (count: number) =>
    until(
      async () => {
        const text = `come ${++n}`;
        await ana.say(shop, `@ben ${text}`);
        for (const page of [front, back]) await row(page, 'Workshop').getByText(text).waitFor();
        const end = Date.now() + 1_000;
        while (rung.length < count && Date.now() < end) await new Promise(resolve => setTimeout(resolve, 50));
        return rung;
      },
      tones => tones.length >= count,
      'it rings',
    );
  await rings(2);
  await rings(4); // once the 3 s are over
  const tones = rung.toSorted((one, other) => one.at - other.at);
  assert.deepEqual(
    tones.map(({ hertz }) => hertz),
    [587, 784, 587, 784],
    'two mentions, and nothing for what was in front',
  );
  const [first, , third] = tones;
  assert.ok(first && third && third.at - first.at >= 2_900, 'one at a time');
});

test('what is pushed is shown by the worker; from there one answers and marks as read, and reading closes it', async t => {
  const home = await openHouse(t);
  const [ana, ben] = [await account(home, 'Ana'), await allowed(t, home, 'Ben')];
  const room = await direct(ana, ben);
  await ben.away(true);
  const worker = await workerOf(ben);
  await ben.page.goto('about:blank');
  const other = await ben.context.newPage();
  await other.goto(`${home.url}/theme.js`); // of the same origin, but no page of ours
  const { seq } = await ana
    .call<{ message: { seq: number } }>('POST', `/conversations/${room}/messages`, {
      clientId: crypto.randomUUID(),
      text: 'Are you there?',
    })
    .then(({ message }) => message);
  const told = {
    kind: 'message',
    conversationId: room,
    seq,
    path: `/c/${room}/m/${seq}`,
    sender: 'Ana',
    trigger: 'direct',
  };
  await worker.evaluate('self.clients.matchAll = async () => []'); // nobody looks
  const away = { ...ben, page: other };
  await pushUntil(away, home.url, { ...told, text: 'Are you there?' }, found => found.length === 1, 'shown');
  assert.deepEqual(await notes(other), [{ title: 'Ana', body: 'Are you there?', tag: room }]);
  await worker.evaluate(`self.registration.getNotifications().then(([notification]) => self.dispatchEvent(
    new NotificationEvent('notificationclick', { notification, action: 'reply', reply: 'On my way' })))`);
  await until(
    () => ana.call<{ messages: { text: string }[] }>('GET', `/conversations/${room}/messages`),
    ({ messages }) => messages.at(-1)?.text === 'On my way',
    'the answer is there',
  );
  const hidden = (found: Note[]) => found[0]?.body === 'New message';
  await pushUntil(away, home.url, told, hidden, 'without its text for who wants it so');
  const odd = {
    ...told,
    sender: '<img src=x onerror=alert(1)>',
    name: '&lt;b&gt;',
    text: '</p><script>alert(1)</script>',
  };
  const asWritten = ([note]: Note[]) => note?.title === `${odd.sender} in ${odd.name}` && note.body === odd.text;
  await pushUntil(away, home.url, odd, asWritten, 'whatever it is made of, as it was written');
  const read = { kind: 'read', conversationId: room };
  await pushUntil(away, home.url, read, found => found.length === 0, 'closed');
});

test('the permission is asked for after the first message of mine, and not again for a fortnight after a no', async t => {
  const home = await openHouse(t);
  const [ana, ben] = [await visit(t, home, 'Ana'), await account(home, 'Ben')];
  await direct(ana, ben);
  await unasked(ana);
  const { page } = ana;
  await row(page, 'Ben').click();
  const bar = page.getByRole('region', { name: 'Get a note when somebody writes to you?' });
  await composer(page).waitFor();
  assert.equal(await bar.count(), 0, 'never on load');
  await write(page, 'hello');
  await bar.waitFor();
  await bar.getByRole('button', { name: 'Not now' }).click();
  await bar.waitFor({ state: 'detached' });
  await page.reload();
  await composer(page).waitFor();
  await write(page, 'once more');
  await message(page, 'once more').waitFor();
  assert.equal(await bar.count(), 0);
});

test('why did I (not) get this? The answer is on screen, with its reason', async t => {
  const home = await openHouse(t);
  const [ana, ben] = [await visit(t, home, 'Ana'), await visit(t, home, 'Ben')];
  const room = await group(ana, 'Workshop', ben);
  await ben.call('PUT', `/conversations/${room}/read`, { seq: 1 });
  const { page } = ben;
  await row(page, 'Workshop').waitFor(); // this device is in use
  await ana.say(room, '@ben look at this');
  await row(page, 'Workshop').click();
  const ask = async (of: Page, text: string, what: RegExp) => {
    await message(of, text).focus();
    await of.keyboard.press('Enter');
    await of.getByRole('menuitem', { name: what }).click();
    return of.getByRole('dialog');
  };
  const dialog = await ask(page, 'look at this', /Why was I notified/);
  await dialog.getByText('You were notified on the device that you were using; no other one rang.').waitFor();
  await dialog.getByText('It mentions you.').waitFor();
  await clean(page);
  await page.keyboard.press('Escape');
  await row(ana.page, 'Workshop').click();
  const mine = await ask(ana.page, 'look at this', /Whom did it not reach/);
  await mine.getByText('Nothing is known that it did not reach.', { exact: false }).waitFor();
});

test('a link shows what its page says, until its sender or its reader wants none', async t => {
  const pages = await webServer(t, (_, response) =>
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(
        '<title>Dovetails</title><meta name="description" content="How to cut one by hand."><meta property="og:site_name" content="Bench">',
      ),
  );
  const home = await openHouse(t, { reachable: [pages.at] });
  const [ana, ben] = [await visit(t, home, 'Ana'), await visit(t, home, 'Ben', { size: 'phone' })];
  const room = await direct(ana, ben);
  await ana.say(room, `Look: ${pages.url}/joint`);
  await row(ana.page, 'Ben').click();
  await row(ben.page, 'Ana').click();
  const card = (of: Page) => of.getByRole('link', { name: /Dovetails/ });
  await card(ana.page).getByText('How to cut one by hand.').waitFor();
  await card(ben.page).waitFor();
  await cleanInBoth(ben.page, 'preview of a link');
  await ana.page.getByRole('button', { name: 'Remove preview' }).click();
  await card(ana.page).waitFor({ state: 'detached' });
  await card(ben.page).waitFor({ state: 'detached' });
  // Sent without one: the link after it has its own by then.
  await composer(ana.page).fill(`None: ${pages.url}/none`);
  await ana.page.getByLabel('With a preview of 127.0.0.1, if it has one').uncheck();
  await cleanInBoth(ana.page, 'a preview not wanted');
  await composer(ana.page).press('Enter');
  await message(ana.page, 'None:').waitFor();
  await write(ana.page, `One: ${pages.url}/one`);
  const shown = (text: string) => message(ben.page, text).getByRole('link', { name: /Dovetails/ });
  await shown('One:').waitFor();
  assert.equal(await shown('None:').count(), 0);
});

test('where to turn notifications on, by mail too, and what did not arrive: axe finds nothing', async t => {
  const home = await openHouse(t, { mail: { url: 'smtp://127.0.0.1:9', from: 'chat@example.org' } });
  const ana = await visit(t, home, 'Ana', { blank: true });
  const { page } = ana;
  await unasked(ana);
  await page.goto('/settings/notifications');
  await page.getByText('Off. Your browser asks you once.').waitFor();
  await page.getByLabel('Address').fill('ana@example.org');
  await page.getByRole('button', { name: 'Send code' }).click();
  await page.getByText('The mail server did not take the message', { exact: false }).waitFor();
  await cleanInBoth(page, 'notifications');
  await page.getByRole('link', { name: 'Notifications and mails that did not arrive' }).click();
  await page.getByText('Everything has been delivered.').waitFor();
  await cleanInBoth(page, 'what did not arrive');
});

test('the page can be installed: manifest, icons and worker are there, under the strict policy', async t => {
  const home = await openHouse(t);
  const { page } = await visit(t, home, 'Ana');
  const address = await page.locator('link[rel="manifest"]').getAttribute('href');
  const manifest = await (await page.request.get(address ?? '')).json();
  assert.deepEqual([manifest.name, manifest.display, manifest.start_url], ['Carpenter', 'standalone', '/']);
  for (const { src, type } of manifest.icons) {
    const icon = await page.request.get(src);
    assert.deepEqual([icon.status(), icon.headers()['content-type']?.split(';')[0]], [200, type]);
  }
  const scope = await page.evaluate(async () => (await navigator.serviceWorker.ready).scope);
  assert.equal(scope, `${home.url}/`);
});
