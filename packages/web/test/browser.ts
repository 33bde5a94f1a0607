import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, type TestContext } from 'node:test';
import { api, apiPrefix, type Id, type LoggedIn } from '@carpenter/protocol';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import type { Config } from '../../server/src/config.ts';
import { ensureWebClient } from '../../server/src/web-client.ts';
import { type Kind, launch } from '../../server/test/chromium.ts';
import { type House, house } from '../../server/test/house.ts';

/** One Chromium of a kind for a test file; each person has a context of their own in it. */
const browsers = new Map<Kind, Promise<Browser>>();
after(async () => {
  for (const browser of browsers.values()) await (await browser).close();
});
function browserOf(kind: Kind): Promise<Browser> {
  const browser = browsers.get(kind) ?? launch(kind, '--use-fake-device-for-media-stream'); // a microphone that beeps
  browsers.set(kind, browser);
  return browser;
}

/** What browsers have open at a server. */
const openAt = new WeakMap<TestContext, Set<BrowserContext>>();

/** A running server that serves the built page. */
export async function openHouse(t: TestContext, changes: Partial<Config> = {}): Promise<House> {
  const open = openAt.get(t) ?? new Set();
  openAt.set(t, open);
  // Before the server goes, which would say goodbye to each page over a second, and hear them ask for it until the end.
  t.after(() => Promise.all([...open].map(context => context.close())));
  return house(t, changes, await ensureWebClient(() => {}));
}

export const password = 'correct horse battery';
const sizes = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

interface Options {
  size?: keyof typeof sizes;
  theme?: 'light' | 'dark';
  /** The whole one shows notifications and has a microphone, too. */
  browser?: Kind;
  /** The page stays blank: the test goes to a place of its own, and the page need not load twice. */
  blank?: boolean;
}

/** What the browser itself says of a cut connection, and of pushes in windows without a memory, as these are. */
const harmless = ['WebSocket connection to', 'Chrome currently does not support the Push API in incognito mode'];

/** A browser that nobody has signed in with. What goes wrong inside the page fails the test. */
export async function openBrowser(
  t: TestContext,
  home: House,
  { size = 'desk', theme = 'light', browser = 'light' }: Options = {},
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await (await browserOf(browser)).newContext({
    baseURL: home.url,
    viewport: sizes[size],
    isMobile: size === 'phone',
    hasTouch: size === 'phone',
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  openAt.get(t)?.add(context);
  context.setDefaultTimeout(20_000);
  await context.addInitScript(() =>
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample, sourceFile }) =>
      console.error(`The policy forbade ${effectiveDirective}: ${blockedURI} ${sample} in ${sourceFile}`),
    ),
  );
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on('pageerror', error => wrong.push(error.stack ?? error.message));
  page.on('console', message => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) wrong.push(message.text());
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(
      wrong.filter(words => !harmless.some(begin => words.startsWith(begin))),
      [],
    );
  });
  return { context, page };
}

/** Somebody with an account and the API. Who is never looked at needs no browser, which costs more than all else. */
export interface Account {
  readonly id: Id;
  readonly name: string;
  /** The API as this person: for what a test needs and does not test. */
  readonly call: <T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object) => Promise<T>;
  readonly say: (conversation: Id, text: string) => Promise<unknown>;
}

export interface Person extends Account {
  readonly context: BrowserContext;
  readonly page: Page;
}

/** Somebody with an account and no browser. Their username is their name in small letters. */
export async function account(home: House, name: string): Promise<Account> {
  const answer = await fetch(home.url + apiPrefix + api.register.path, {
    method: 'POST',
    headers: { origin: home.url, 'content-type': 'application/json' },
    body: JSON.stringify(newcomer(name)),
  });
  return accountOf(home, name, answer.status, await answer.text());
}

/** Somebody with an account, signed in, at `/`. */
export async function visit(t: TestContext, home: House, name: string, options?: Options): Promise<Person> {
  const { context, page } = await openBrowser(t, home, options);
  const answer = await page.request.post(apiPrefix + api.register.path, {
    headers: { origin: home.url },
    data: newcomer(name),
  });
  const somebody = accountOf(home, name, answer.status(), await answer.text());
  if (!options?.blank) await page.goto('/');
  return { ...somebody, context, page };
}

const newcomer = (name: string) => ({ username: name.toLowerCase(), displayName: name, password });

function accountOf(home: House, name: string, status: number, body: string): Account {
  assert.equal(status, 201, body);
  const { user, accessToken }: LoggedIn = api.register.answers[201].parse(JSON.parse(body));
  const call: Account['call'] = async (method, path, body) => {
    const response = await fetch(home.url + apiPrefix + path, {
      method,
      headers: {
        origin: home.url,
        authorization: `Bearer ${accessToken}`,
        ...(body && { 'content-type': Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json' }),
      },
      ...(body && { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) }),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const say: Account['say'] = (conversation, text) =>
    call('POST', `/conversations/${conversation}/messages`, { clientId: randomUUID(), text });
  return { id: user.id, name, call, say };
}

type Begun = { conversation: { id: Id } };
export const direct = async (one: Account, other: Account): Promise<Id> =>
  (await one.call<Begun>('POST', '/conversations', { type: 'direct', userId: other.id })).conversation.id;
export const group = async (one: Account, name: string, ...others: Account[]): Promise<Id> =>
  (await one.call<Begun>('POST', '/conversations', { type: 'group', name, memberIds: others.map(other => other.id) }))
    .conversation.id;

export const row = (page: Page, title: string): Locator =>
  page.getByRole('navigation', { name: 'Conversations' }).getByRole('link', { name: new RegExp(`^${title}\\b`) });
/** The number of unread messages at a row of the list. */
export const badge = (page: Page, title: string, count: string): Locator =>
  row(page, title).getByText(count, { exact: true });
export const composer = (page: Page): Locator => page.getByRole('textbox', { name: /^Write to/ });
/** What people wrote; lines that tell what happened are articles of the feed, too. */
export const messages = (page: Page): Locator => page.getByRole('feed').locator('article');
export const message = (page: Page, text: string): Locator => messages(page).filter({ hasText: text });

export async function write(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

/** From their next page on the clock of this device is wrong by so much. */
export async function setClock({ context }: { readonly context: BrowserContext }, byMs: number): Promise<void> {
  await context.addInitScript(byMs => {
    const real = Date;
    const now = () => real.now() + byMs;
    globalThis.Date = new Proxy(real, {
      construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [now()] : given, made),
      get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
    });
  }, byMs);
}
export const dayMs = 86_400_000;

/** A picture of the page for whoever wants to look at it: into the folder that PICTURES names. */
export async function shot(page: Page, name: string): Promise<void> {
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${name}.png` });
}

/** Waits until something about the page holds; says what it was otherwise. */
export async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean, what: string): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > end) assert.fail(`${what}: ${JSON.stringify(value)}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** Texts of the messages on the page, in their order. */
export const texts = (page: Page): Promise<string[]> =>
  messages(page).evaluateAll(rows => rows.map(row => row.querySelector('[data-body]')?.textContent ?? ''));
