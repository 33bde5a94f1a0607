import assert from 'node:assert/strict';
import { test } from 'node:test';
import { webServer } from '../../server/test/outside-world.ts';
import { openBrowser, openHouse } from './browser.ts';

/** What a script that got into the page would try, each by itself; `at` is a server of whoever wrote it. */
function breakOuts(at: string): Record<string, () => unknown> {
  const element = (name: string, attributes: Record<string, string>, text = '') => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text) made.append(text);
    return document.body.appendChild(made);
  };
  return {
    eval: () => setTimeout('document.title = "taken"'),
    'new Function': () => new Function('document.title = "taken"')(),
    'inline script': () => element('script', {}, 'document.title = "taken"'),
    'script from elsewhere': () => element('script', { src: `${at}/script.js` }),
    'handler in an attribute': () => element('img', { src: '/favicon.svg', onload: 'document.title = "taken"' }),
    'javascript: address': () => element('iframe', { src: 'javascript:parent.document.title="taken"' }),
    'text as markup': () => {
      document.body.innerHTML += '<b>taken</b>';
    },
    'text as a document': () => new DOMParser().parseFromString('<b>taken</b>', 'text/html'),
    'a frame with a document': () => element('iframe', { srcdoc: '<b>taken</b>' }),
    'own rules for text': () => globalThis.trustedTypes?.createPolicy('default', { createScriptURL: url => url }),
    'worker made of text': () => new Worker(URL.createObjectURL(new Blob(['']))),
    'service worker of a file': () => navigator.serviceWorker.register('/api/v1/media/x'),
    'inline style': () => element('style', {}, 'body { display: none }'),
    'style in an attribute': () => element('p', { style: 'position: fixed; inset: 0' }),
    'style from elsewhere': () => element('link', { rel: 'stylesheet', href: `${at}/style.css` }),
    'picture from elsewhere': () => element('img', { src: `${at}/picture.png` }),
    'sound from elsewhere': () => element('audio', { src: `${at}/sound.mp3` }),
    'font from elsewhere': () => new FontFace('taken', `url(${at}/font.woff2)`).load(),
    frame: () => element('iframe', { src: `${at}/frame` }),
    object: () => element('object', { data: `${at}/object` }),
    request: () => fetch(`${at}/request`),
    beacon: () => navigator.sendBeacon(`${at}/beacon`, 'x'),
    'event source': () => new EventSource(`${at}/events`),
    socket: () => new WebSocket(`${at.replace('http', 'ws')}/socket`),
    base: () => element('base', { href: at }),
    form: () => {
      const form = document.createElement('form');
      form.action = `${at}/form`;
      form.method = 'post';
      document.body.append(form);
      form.submit();
    },
  };
}

test('promise 5: a script that got into the page could make no code of text, load nothing, and tell nobody', async t => {
  const home = await openHouse(t);
  const elsewhere = await webServer(t, (_, answer) => answer.end('taken'));
  const { page: ordinary } = await openBrowser(t, home);
  const context = await ordinary.context().browser()?.newContext({ baseURL: home.url });
  assert.doesNotMatch(
    (await ordinary.goto('/'))?.headers()['content-security-policy'] ?? 'unsafe',
    /unsafe|\*|https?:/,
  );
  assert.ok(context); // one in which what is forbidden may be tried
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto('/');
  await page.getByText('Server reachable').waitFor();
  const forbidden = await page.evaluate(
    async ([code, at]) => {
      const all: [string, string[]][] = [];
      const attempts: Record<string, () => unknown> = new Function('at', `return (${code})(at)`)(at);
      for (const [name, attempt] of Object.entries(attempts)) {
        const heard: string[] = [];
        const hear = (event: SecurityPolicyViolationEvent) => heard.push(event.effectiveDirective);
        addEventListener('securitypolicyviolation', hear);
        const told = new Promise(resolve => addEventListener('securitypolicyviolation', resolve, { once: true }));
        const late = new Promise(resolve => setTimeout(resolve, 3_000));
        setTimeout(async () => attempt()); // not as part of this test, which may do more
        await Promise.race([told, late]);
        removeEventListener('securitypolicyviolation', hear);
        all.push([name, heard]);
      }
      return all;
    },
    [breakOuts.toString(), elsewhere.url] as const,
  );
  assert.deepEqual(
    forbidden.filter(([, heard]) => heard.length === 0),
    [],
  );
  assert.notEqual(await page.title(), 'taken');
  assert.deepEqual(elsewhere.asked, []);
});
