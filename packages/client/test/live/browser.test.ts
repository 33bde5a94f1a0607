import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { launch } from '../../../server/test/chromium.ts';
import { house } from '../../../server/test/house.ts';
import type { Client } from '../../src/index.ts';
import { newcomer, open, password, textsOf, until } from '../world.ts';

declare global {
  /** Of the test page. */
  var client: Client;
}

const root = join(import.meta.dirname, '../../../..');
const page = `<!doctype html><title>A page with a client</title><script type="importmap">${JSON.stringify({
  imports: {
    '@carpenter/protocol': '/sdk/packages/protocol/src/index.ts',
    zod: '/sdk/node_modules/zod/index.js',
    idb: '/sdk/node_modules/idb/build/index.js',
  },
})}</script><script type="module">
import { createClient } from '/sdk/packages/client/src/index.ts';
globalThis.client = createClient({ url: location.origin });
</script>`;

/** A browser of its own, in which `/sdk/` are the sources themselves, without their types. */
async function browser(t: TestContext, url: string): Promise<BrowserContext> {
  // a page that the test itself answers for has no address, so the browser would keep it from a server on this machine
  const chrome = await launch(
    'light',
    '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets',
  );
  t.after(() => chrome.close());
  const context = await chrome.newContext();
  await context.route(`${url}/sdk/**`, async route => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/sdk/') return route.fulfill({ contentType: 'text/html', body: page });
    const source = await readFile(join(root, pathname.slice('/sdk/'.length)), 'utf8');
    const body = pathname.endsWith('.ts') ? stripTypeScriptTypes(source) : source;
    return route.fulfill({ contentType: 'text/javascript', body });
  });
  return context;
}

async function tab(context: BrowserContext, url: string): Promise<Page> {
  const opened = await context.newPage();
  await opened.goto(`${url}/sdk/`);
  await opened.waitForFunction(() => globalThis.client !== undefined);
  return opened;
}
const isOnline = (tab: Page) => tab.waitForFunction(() => client.connection.get().phase === 'online');
const unsentIn = (tab: Page) => tab.evaluate(() => client.outbox.get().map(m => m.text));

test('a page that is closed with unsent messages sends them when it is opened again, and one whose storage is deleted under it sends what it had, once and in order, still signed in', async t => {
  const { url } = await house(t);
  const ben = await newcomer(t, url, 'ben');
  const context = await browser(t, url);
  const first = await tab(context, url);
  await first.evaluate(p => client.register({ username: 'ana', password: p }), password);
  const id = await first.evaluate(other => client.beginDirect(other), ben.id);
  const bens = open(t, ben.client, id);
  await isOnline(first);

  await first.evaluate(() => dispatchEvent(new Event('offline'))); // the connection is dropped; a new one is some ms away
  await first.evaluate(room => {
    for (const text of ['one', 'two', 'three']) client.conversation(room).send(text);
  }, id);
  await first.reload();
  await first.waitForFunction(() => globalThis.client?.session.get().phase === 'signedIn');
  await until(bens.timeline, v => textsOf(v).length === 3, 'three messages');
  assert.deepEqual(textsOf(bens.timeline.get()), ['one', 'two', 'three']);
  assert.equal(await first.evaluate(() => client.storage.get()), 'kept');

  // Where room is short a browser throws away what a page keeps, and "clear this site's data" does, under the open page.
  await isOnline(first);
  await context.setOffline(true);
  await first.evaluate(room => void client.conversation(room).send('four'), id);
  await first.waitForFunction(() => !Object.keys(localStorage).some(key => key.includes('/outbox/'))); // it stands in IndexedDB
  await first.evaluate(async () => {
    const [{ name = '' } = {}] = await indexedDB.databases();
    await new Promise((resolve, reject) => {
      const deleting = indexedDB.deleteDatabase(name);
      deleting.onsuccess = resolve;
      deleting.onblocked = () => reject(new Error('this page does not let it go'));
    });
  });
  await first.evaluate(room => void client.conversation(room).send('five'), id);
  await first.waitForFunction(() => client.storage.get() === 'memory');
  await context.setOffline(false);
  await until(bens.timeline, v => textsOf(v).length === 5, 'what was thrown away');
  assert.deepEqual(textsOf(bens.timeline.get()), ['one', 'two', 'three', 'four', 'five']);
});

const refuses = () => {
  IDBFactory.prototype.open = () => {
    throw new DOMException('no', 'SecurityError');
  };
};
const hangs = () => {
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...about) {
    const opening = open.apply(this, about);
    for (const type of ['success', 'error', 'blocked', 'upgradeneeded'])
      opening.addEventListener(type, event => event.stopImmediatePropagation()); // nobody hears of it
    return opening;
  };
};
for (const [what, happens] of [
  ['refuses to keep anything', refuses],
  ['never opens what it keeps', hangs],
] as const)
  test(`a page whose browser ${what} says so and goes on without: what two tabs write goes out, from each its own`, async t => {
    const { url } = await house(t);
    const ben = await newcomer(t, url, 'ben');
    const context = await browser(t, url);
    await context.addInitScript(happens);
    const left = await tab(context, url);
    await left.evaluate(p => client.register({ username: 'ana', password: p }), password);
    const id = await left.evaluate(other => client.beginDirect(other), ben.id);
    const right = await tab(context, url);
    const bens = open(t, ben.client, id);
    for (const [at, one] of [left, right].entries()) {
      await isOnline(one);
      assert.equal(await one.evaluate(() => client.storage.get()), 'memory');
      const send = ([room, text]: readonly [string, string]) => {
        const handle = client.conversation(room);
        return handle.stored(handle.send(text)).then(() => {});
      };
      await one.evaluate(send, [id, `from tab ${at}`] as const);
    }
    await until(bens.timeline, v => textsOf(v).length === 2, 'what was written');
    assert.deepEqual(textsOf(bens.timeline.get()), ['from tab 0', 'from tab 1']);
  });

test('a page shows what it last saw before the server answers, and nothing of it after signing out', async t => {
  const { url } = await house(t);
  const context = await browser(t, url);
  const first = await tab(context, url);
  await first.evaluate(p => client.register({ username: 'ana', password: p }), password);
  const id = await first.evaluate(async () => {
    const group = await client.beginGroup('Workshop', []);
    const room = client.conversation(group);
    await room.stored(room.send('kept'));
    await client.close(); // what goes into the storage 3 s after a change goes now
    return group;
  });
  const apart = (path: string) => `${url}${path}`;
  await context.route(apart('/api/**'), route => route.abort());
  await first.reload();
  await first.waitForFunction(() => globalThis.client?.conversations.get()?.[0]?.title === 'Workshop');
  const shown = await first.evaluate(room => {
    const { timeline } = client.conversation(room);
    timeline.subscribe(() => {});
    return timeline.get().messages.map(m => (m.kind === 'stored' ? m.message.text : m.text));
  }, id);
  assert.deepEqual(shown.at(-1), 'kept');
  await context.unroute(apart('/api/**'));
  await first.evaluate(() => client.retryNow());
  await isOnline(first);

  await first.evaluate(() => client.logout());
  const left = await first.evaluate(async () => {
    const [{ name = '' } = {}] = await indexedDB.databases();
    const opening = indexedDB.open(name);
    await new Promise(resolve => {
      opening.onsuccess = resolve;
    });
    const asking = opening.result.transaction('kept').objectStore('kept').getAllKeys();
    await new Promise(resolve => {
      asking.onsuccess = resolve;
    });
    return asking.result;
  });
  assert.deepEqual(left, ['session']);
});

test('two tabs of one browser share one outbox: either sends what the other left, also when that crashed, nothing twice', async t => {
  const { url } = await house(t);
  const ben = await newcomer(t, url, 'ben');
  const context = await browser(t, url);
  const left = await tab(context, url);
  await left.evaluate(p => client.register({ username: 'ana', password: p }), password);
  const id = await left.evaluate(other => client.beginDirect(other), ben.id);
  let frames = 0;
  let sender: Page | undefined;
  const count = (one: Page) =>
    one.on('websocket', socket =>
      socket.on('framesent', ({ payload }) => {
        if (!String(payload).includes('"message.send"')) return;
        frames++;
        sender = one;
      }),
    );
  context.on('page', count);
  count(left);
  await left.reload();
  const right = await tab(context, url);
  await Promise.all([isOnline(left), isOnline(right)]);
  const bens = open(t, ben.client, id);

  const send = (room: string) => {
    for (let n = 1; n <= 20; n++) client.conversation(room).send(`${document.title} ${n}`);
  };
  await right.evaluate(() => {
    document.title = 'right';
  });
  await left.evaluate(() => {
    document.title = 'left';
  });
  await Promise.all([left.evaluate(send, id), right.evaluate(send, id)]);
  await until(bens.timeline, v => textsOf(v).length === 40, 'all forty');
  const texts = textsOf(bens.timeline.get());
  for (const side of ['left', 'right'])
    assert.deepEqual(
      texts.filter(text => text.startsWith(side)),
      Array.from({ length: 20 }, (_, i) => `${side} ${i + 1}`),
    );
  for (const one of [left, right]) {
    await one.waitForFunction(() => client.outbox.get().length === 0);
    assert.deepEqual(await unsentIn(one), []);
  }

  assert.equal(frames, 40, 'one of the two sends, for both');

  await right.evaluate(room => {
    client.conversation(room).send('goodbye'); // and this tab is gone, whoever of the two was sending
  }, id);
  await right.close();
  await until(bens.timeline, v => textsOf(v).includes('goodbye'), 'what the closed tab left').catch(async error => {
    throw new Error(`${error}; ${await left.evaluate(() => JSON.stringify(client.outbox.get()))}`);
  });

  // The one that sends for both crashes with a message under way: the other one sends that, and its own.
  const third = await tab(context, url);
  await isOnline(third);
  await left.evaluate(room => void client.conversation(room).send('from the left'), id);
  await until(bens.timeline, v => textsOf(v).includes('from the left'), 'a message of the left one');
  assert.equal(sender, left);
  await left.evaluate(room => {
    WebSocket.prototype.send = () => {};
    client.conversation(room).send('under way');
  }, id);
  await third.waitForFunction(() => client.outbox.get().some(m => m.text === 'under way'));
  const crashed = left.waitForEvent('crash');
  const session = await context.newCDPSession(left);
  session.send('Page.crash').catch(() => {}); // nobody is left to answer
  await crashed;
  await third.evaluate(room => void client.conversation(room).send('after the crash'), id);
  await until(bens.timeline, v => textsOf(v).includes('after the crash'), 'what the other tab sends');
  assert.deepEqual(textsOf(bens.timeline.get()).slice(-3), ['from the left', 'under way', 'after the crash']);
});

test('signing out in one tab signs out the other', async t => {
  const { url } = await house(t);
  const context = await browser(t, url);
  const left = await tab(context, url);
  await left.evaluate(p => client.register({ username: 'ana', password: p }), password);
  const right = await tab(context, url);
  await isOnline(right);
  await left.evaluate(() => client.logout());
  await right.waitForFunction(() => client.session.get().phase === 'signedOut');
  await left.reload();
  await left.waitForFunction(() => globalThis.client?.session.get().phase === 'signedOut');
});
