import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  type Account,
  account,
  badge,
  composer,
  direct,
  group,
  message,
  messages,
  openHouse,
  row,
  until,
  visit,
  write,
} from './browser.ts';

/** Lines of very different heights. */
async function fill(person: Account, id: string, count: number) {
  for (let n = 1; n <= count; n++)
    await person.say(id, `message ${n}${n % 4 === 0 ? '\nand another line'.repeat(n % 7) : ''}`);
}
const fromEnd = (page: Page) =>
  page.getByRole('feed').evaluate(feed => {
    const box = feed.parentElement;
    return box ? Math.round(box.scrollHeight - box.clientHeight - box.scrollTop) : -1;
  });
const untilAtEnd = (page: Page, when: string) =>
  until(
    () => fromEnd(page),
    px => px <= 1,
    when,
  );
const topOf = (page: Page, text: string) =>
  message(page, text).evaluate(row => Math.round(row.getBoundingClientRect().top));
const scroll = (page: Page, by: number) =>
  page.getByRole('feed').evaluate((feed, dy) => feed.parentElement?.scrollBy(0, dy), by);
const settled = (page: Page) =>
  page.evaluate(
    () => new Promise(done => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 300)),
  );

test('it opens at the end, and stays there while messages come, the field grows and the window changes', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await account(home, 'Ben');
  const id = await group(ana, 'Kitchen', ben);
  await fill(ana, id, 70);
  await ana.page.goto(`/c/${id}`);
  await message(ana.page, 'message 70').waitFor();
  await untilAtEnd(ana.page, 'at the end');
  await ben.say(id, 'one more\nwith\nfour\nlines');
  await message(ana.page, 'one more').waitFor();
  await untilAtEnd(ana.page, 'at the end after another message');
  await composer(ana.page).fill('a\nb\nc\nd\ne\nf');
  await untilAtEnd(ana.page, 'at the end with a higher field');
  await composer(ana.page).press('g');
  assert.ok((await fromEnd(ana.page)) <= 1, 'at the end while one writes into the higher field');
  await ana.page.setViewportSize({ width: 900, height: 600 });
  await untilAtEnd(ana.page, 'at the end in a smaller window');
});

test('it stays at the end when it is told of scrolling and of a higher field at once', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await account(home, 'Ben');
  const id = await group(ana, 'Kitchen', ben);
  await fill(ana, id, 30);
  await ana.page.goto(`/c/${id}`);
  await message(ana.page, 'message 30').waitFor();
  await untilAtEnd(ana.page, 'at the end');
  await composer(ana.page).evaluate(async field => {
    if (!(field instanceof HTMLElement)) return;
    // Between two frames: the next one tells of scrolling first, then of sizes.
    const feed = document.querySelector('[role=feed]');
    await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    feed?.parentElement?.scrollBy(0, -4);
    field.focus();
    document.execCommand('insertText', false, 'a\nb\nc\nd\ne\nf');
  });
  await settled(ana.page);
  assert.ok((await fromEnd(ana.page)) <= 1, 'at the end with a higher field');
});

test('scrolled up, nothing moves: not by older pages, new messages, a growing field or a bar', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await account(home, 'Ben');
  const id = await group(ana, 'Kitchen', ben);
  await fill(ana, id, 160);
  const { page } = ana;
  await page.goto(`/c/${id}`);
  await message(page, 'message 160').waitFor();
  await untilAtEnd(page, 'at the end');
  await page.getByRole('feed').hover();
  for (let i = 0; i < 12; i++) await page.mouse.wheel(0, -150);
  await settled(page);
  const visible = await messages(page).evaluateAll(
    rows =>
      rows
        .find(row => row.getBoundingClientRect().top > 150)
        ?.querySelector('[data-body]')
        ?.textContent?.split('\n')[0],
  );
  assert.ok(visible);
  const text = new RegExp(`${visible}\\b`);
  const top = () =>
    messages(page)
      .filter({ hasText: text })
      .evaluate(row => Math.round(row.getBoundingClientRect().top));
  const before = await top();

  await ben.say(id, 'something new');
  await page.getByRole('button', { name: 'Jump to latest · 1 new' }).waitFor();
  assert.equal(await top(), before, 'a new message');
  await composer(page).fill('a\nb\nc\nd\ne\nf');
  await settled(page);
  const shifted = before - (await top());
  const grown = await composer(page).evaluate(field => field.clientHeight);
  assert.ok(shifted > 0 && shifted <= grown, `the lower edge stays: ${shifted} of ${grown}`);
  await composer(page).fill('');
  await settled(page);
  assert.equal(await top(), before, 'the field is small again');
  await ana.context.setOffline(true);
  await page.getByText('You are offline.').first().waitFor();
  await settled(page);
  assert.equal(await top(), before, 'a bar above');
  await ana.context.setOffline(false);
  await page.getByText('Back online.').waitFor();
  await settled(page);
  assert.equal(await top(), before, 'and gone again');

  await page.getByRole('button', { name: 'Jump to latest' }).click();
  await message(page, 'something new').waitFor();
  await untilAtEnd(page, 'at the end');
});

test('all the way up, page after page, each message once, to the beginning', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await account(home, 'Ben');
  const id = await direct(ana, ben);
  await fill(ana, id, 160);
  const { page } = ana;
  await page.goto(`/c/${id}`);
  await message(page, 'message 160').waitFor();
  const seen = new Set<number>();
  let last: { seq: number; top: number } | undefined;
  for (let turn = 0; turn < 400 && !seen.has(1); turn++) {
    const rows = await messages(page).evaluateAll(all =>
      all.map(row => ({ seq: Number(row.dataset.seq), top: Math.round(row.getBoundingClientRect().top) })),
    );
    assert.deepEqual(
      rows.map(row => row.seq),
      [...new Set(rows.map(row => row.seq))],
      'each once',
    );
    assert.deepEqual(
      rows.map(row => row.seq),
      rows.map(row => row.seq).toSorted((a, b) => a - b),
      'in order',
    );
    const same = rows.find(row => row.seq === last?.seq);
    if (last && same) assert.ok(Math.abs(same.top - last.top - 200) <= 24, `no fling: ${same.top - last.top}`);
    for (const row of rows) seen.add(row.seq);
    last = rows.find(row => row.top > 300);
    await scroll(page, -200);
    await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
  assert.equal(seen.size, 160);
  await page.getByText('This is the beginning of your conversation with Ben.').waitFor();
});

test('it opens at what is new, a third down the view, and reading it there empties the counter', async t => {
  const home = await openHouse(t);
  const ana = await account(home, 'Ana');
  const ben = await visit(t, home, 'Ben');
  const id = await group(ana, 'Kitchen', ben);
  await fill(ana, id, 30);
  await ben.call('PUT', `/conversations/${id}/read`, { seq: 31 });
  for (let n = 1; n <= 40; n++) await ana.say(id, `news ${n}`);
  await badge(ben.page, 'Kitchen', '40').waitFor();
  await row(ben.page, 'Kitchen').click();
  const line = ben.page.getByText('New since');
  await line.waitFor();
  await settled(ben.page);
  const place = await line.evaluate(element => {
    const view = element.closest('[role="feed"]')?.parentElement?.getBoundingClientRect();
    return view ? (element.getBoundingClientRect().top - view.top) / view.height : -1;
  });
  assert.ok(place > 0.25 && place < 0.42, `a third down: ${place}`);
  await until(
    () => row(ben.page, 'Kitchen').textContent(),
    text => /, [1-3]\d unread/.test(text ?? ''),
    'some are read, not all',
  );
  await ben.page.getByRole('button', { name: 'Jump to latest' }).click();
  await message(ben.page, 'news 40').waitFor();
  await until(
    () => row(ben.page, 'Kitchen').textContent(),
    text => !/unread/.test(text ?? ''),
    'all are read',
  );
});

test("one's own message leads to the end, and the place is found again after a look elsewhere", async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await account(home, 'Ben');
  const id = await group(ana, 'Kitchen', ben);
  await direct(ana, ben);
  await fill(ana, id, 60);
  const { page } = ana;
  await page.goto(`/c/${id}`);
  await message(page, 'message 60').waitFor();
  await untilAtEnd(page, 'at the end');
  await scroll(page, -900);
  await settled(page);
  const seq = await messages(page).evaluateAll(
    rows => rows.find(row => row.getBoundingClientRect().top > 100)?.dataset.seq,
  );
  const top = () =>
    page.locator(`article[data-seq="${seq}"]`).evaluate(row => Math.round(row.getBoundingClientRect().top));
  const before = await top();
  await row(page, 'Ben').click();
  await page.getByRole('heading', { name: 'Ben', level: 1 }).waitFor();
  await row(page, 'Kitchen').click();
  await page.locator(`article[data-seq="${seq}"]`).waitFor();
  await until(top, now => Math.abs(now - before) <= 2, `where it was, at ${before}`);
  await write(page, 'mine');
  await message(page, 'mine').waitFor();
  await untilAtEnd(page, 'at the end');
  assert.ok((await topOf(page, 'mine')) > 0);
});

test('text is shown as it came: no HTML, only safe addresses become links', async t => {
  const home = await openHouse(t);
  const ana = await account(home, 'Ana');
  const ben = await visit(t, home, 'Ben', { blank: true });
  const id = await direct(ana, ben);
  const text =
    '<img src=x onerror=alert(1)>  two  spaces\njavascript:alert(1) http://[bad https://example.com/a_(b)?c=d, data:text/html,x';
  await ana.say(id, text);
  await ben.page.goto(`/c/${id}`);
  const found = message(ben.page, 'two');
  await found.waitFor();
  assert.equal(await found.locator('[data-body]').textContent(), text);
  const links = await found
    .getByRole('link')
    .evaluateAll(all => all.map(link => [link.getAttribute('href'), link.getAttribute('rel')]));
  assert.deepEqual(links, [['https://example.com/a_(b)?c=d', 'noopener noreferrer nofollow']]);
  assert.equal(await found.locator('img').count(), 0);

  await ana.say(id, '[\u202emoc.knab](https://evil.example) turned \u202e https://evil.example/a');
  const turned = message(ben.page, 'turned');
  await turned.waitFor();
  const shown = await turned.locator('a, small').evaluateAll(all =>
    all.map(element => {
      const words = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
      const at = [...(words?.textContent ?? '')].indexOf('e');
      const leftOf = (offset: number) => {
        const range = document.createRange();
        if (words) range.setStart(words, offset);
        if (words) range.setEnd(words, offset + 1);
        return range.getBoundingClientRect().left;
      };
      return at < 0 || leftOf(at) < leftOf(at + 1);
    }),
  );
  assert.deepEqual(shown, [true, true, true], 'where a link leads is never written backwards');
  await ana.say(id, `[odd](${home.url}//evil.example/x)`);
  const odd = message(ben.page, 'odd');
  const [opened] = await Promise.all([
    ben.context.waitForEvent('page'),
    odd.getByRole('link').click(), // a page of its own: it is no place of this one
  ]);
  assert.equal(new URL(opened.url()).origin, home.url);
});
