import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Request } from 'playwright-core';
import { picture } from '../../server/test/files.ts';
import { webServer } from '../../server/test/outside-world.ts';
import { group, openHouse, until, visit } from './browser.ts';

/** What a page of somebody else tries on a browser that is signed in at `house`. Each says what it got; undefined: nothing. */
function attacks(house: string, room: string, file: string): Record<string, () => Promise<unknown>> {
  const api = `${house}/api/v1`;
  const credentials = 'include';
  const asked = (path: string, init: RequestInit) => async () =>
    (await fetch(`${api}${path}`, { credentials, ...init })).text();
  const blindly = (path: string, init: RequestInit) => async () => {
    await fetch(`${api}${path}`, { credentials, mode: 'no-cors', ...init });
  };
  const json = { 'content-type': 'application/json' };
  const message = JSON.stringify({ clientId: crypto.randomUUID(), text: 'taken over' });
  const form = (path: string, name: string) => async () => {
    const frame = document.createElement('iframe');
    frame.name = `form-${path}`;
    document.body.append(frame);
    const sent = document.body.appendChild(document.createElement('form'));
    Object.assign(sent, { method: 'post', enctype: 'text/plain', action: `${api}${path}`, target: frame.name });
    sent.append(Object.assign(document.createElement('input'), { name, value: '' })); // `{"text":"x=`…`"}`
    sent.submit();
  };
  const loaded = (name: 'img' | 'script' | 'audio', path: string) => () =>
    new Promise((resolve, reject) => {
      const element = document.createElement(name);
      element.onload = element.oncanplay = () => resolve(`${name} loaded`);
      element.onerror = reject;
      document.body.append(Object.assign(element, { src: `${api}${path}` }));
    });
  const connected = (address: string, protocols?: string[]) => () =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(address.replace('http', 'ws'), protocols);
      socket.onopen = () => resolve('open');
      socket.onerror = reject;
    });
  return {
    'refresh as a form would': blindly('/auth/refresh', { method: 'POST', body: '{}' }),
    'refresh without a body': blindly('/auth/refresh', { method: 'POST' }),
    'refresh as JSON': asked('/auth/refresh', { method: 'POST', body: '{}', headers: json }),
    'refresh by a form': form('/auth/refresh', '{"refresh":"body","x":"'),
    'log out by a form': form('/auth/logout', '{"x":"'),
    'log in as the attacker': form('/auth/login', '{"username":"eve","password":"a long enough password","x":"'),
    'log in as the attacker, asked': blindly('/auth/login', {
      method: 'POST',
      body: '{"username":"eve","password":"a long enough password"}',
    }),
    'a message by a form': form(`/conversations/${room}/messages`, message.replace(/"\}$/, '')),
    'a message as text': blindly(`/conversations/${room}/messages`, { method: 'POST', body: message }),
    'a message as JSON': asked(`/conversations/${room}/messages`, { method: 'POST', body: message, headers: json }),
    'who it is': asked('/users/me', {}),
    messages: asked(`/conversations/${room}/messages`, {}),
    leaving: asked(`/conversations/${room}/leave`, { method: 'POST' }),
    deleting: asked(`/conversations/${room}`, { method: 'DELETE' }),
    'a file, asked': asked(`/media/${file}`, {}),
    'a file as a picture': loaded('img', `/media/${file}`),
    'a small picture': loaded('img', `/media/${file}/thumbnail`),
    'an answer as a program': loaded('script', '/users/me'),
    'a socket': connected(`${house}/ws`),
    'a socket of our kind': connected(`${house}/ws`, ['carpenter.v1']),
    'an event stream': () =>
      new Promise((resolve, reject) => {
        const events = new EventSource(`${api}/events`, { withCredentials: true });
        events.onopen = () => resolve('open');
        events.onerror = reject;
      }),
    'the page in a frame': () =>
      new Promise((resolve, reject) => {
        const frame = document.createElement('iframe');
        frame.onload = () => {
          // What was refused is an empty page of the browser's; one of another origin would not be looked at.
          const shown = frame.contentDocument === null && frame.contentWindow?.length !== 0 ? 'framed' : undefined;
          shown ? resolve(shown) : reject();
        };
        frame.src = house;
        document.body.append(frame);
      }),
  };
}

test('promise 5: a page from elsewhere, in a browser that is signed in, reads nothing, changes nothing and frames nothing', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana');
  const { page, context } = ana;
  const room = await group(ana, 'Workshop');
  await ana.say(room, 'between us');
  const file = await ana.call<{ id: string }>('POST', '/media?name=a.png', await picture(8, 8).png().toBuffer());
  const seen = async () => [
    (await context.cookies()).map(({ name, value }) => [name, value]),
    await ana.call('GET', `/conversations/${room}/messages`),
    (await ana.call<{ sessions: { id: string }[] }>('GET', '/auth/sessions')).sessions.map(({ id }) => id),
  ];
  await until(
    () => page.getByRole('link', { name: /^Workshop/ }).count(),
    count => count > 0,
    'signed in',
  );
  await page.goto('about:blank');
  const html = '<!doctype html><title>A nice page</title><body></body>';
  const attacker = await webServer(t, (_, answer) => answer.writeHead(200, { 'content-type': 'text/html' }).end(html));
  // Another port is the same site, where cookies go along; another name is another one.
  for (const from of [attacker.url, attacker.url.replace('127.0.0.1', 'localhost')]) {
    const before = await seen();
    const foreign = await context.newPage();
    const forms: string[] = [];
    const ended = (request: Request) =>
      request.isNavigationRequest() && request.method() === 'POST' && forms.push(request.url());
    foreign.on('requestfinished', ended).on('requestfailed', ended);
    await foreign.goto(from);
    const got = await foreign.evaluate(
      async ([code, ...about]) => {
        const all: Record<string, () => Promise<unknown>> = new Function('about', `return (${code})(...about)`)(about);
        const told: [string, unknown][] = [];
        for (const [name, attack] of Object.entries(all)) {
          told.push([name, await attack().catch(() => undefined)]);
        }
        return told.filter(([, what]) => what !== undefined && what !== null);
      },
      [attacks.toString(), home.url, room, file.id] as const,
    );
    assert.deepEqual(got, [], from);
    await until(
      async () => forms,
      all => all.length === 4,
      'the forms were sent',
    );
    assert.ok(
      foreign.frames().every(frame => !frame.url().startsWith(home.url) || frame.url().includes('/api/')),
      'not framed',
    );
    assert.deepEqual(await seen(), before);
    const opening = context.waitForEvent('page');
    await foreign.evaluate(house => {
      Reflect.set(window, 'opened', window.open(house)); // our own page, which goes its own way at once
    }, home.url);
    const lost = () => foreign.evaluate(() => Reflect.get(window, 'opened')?.closed);
    await until(lost, closed => closed, 'a window of ours is out of the reach of whoever opened it');
    await foreign.close();
    const ours = await opening;
    await ours.getByRole('link', { name: /^Workshop/ }).waitFor(); // signed in anew, which it is free to do
    await ours.close();
  }
  await page.goto(`/c/${room}`);
  await page.getByText('between us').first().waitFor();
});
