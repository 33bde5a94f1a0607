import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clean } from './axe.ts';
import { account, direct, group, message, openHouse, row, until, visit, write } from './browser.ts';

test('marks become bold, lists, quotes, tables and code, for the other as for oneself', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await visit(t, home, 'Ben', { theme: 'dark', blank: true });
  const id = await group(ana, 'Kitchen', ben);
  await ana.page.goto(`/c/${id}`);
  await ben.page.goto(`/c/${id}`);
  await ana.say(id, '**Bold**, *slanted*, ~~gone~~ and `code`\n\n- oak\n- ash\n\n> quoted');
  await ana.say(id, '| Part | mm |\n|---|--:|\n| Door | 600 |');
  const text = message(ben.page, 'Bold');
  await text.waitFor();
  for (const [element, words] of [
    ['strong', 'Bold'],
    ['em', 'slanted'],
    ['s', 'gone'],
    ['code', 'code'],
    ['ul > li:first-child', 'oak'],
    ['blockquote', 'quoted'],
  ] as const)
    assert.equal(await text.locator(element).textContent(), words);
  const table = message(ben.page, 'Door').getByRole('table');
  assert.equal(await table.getByRole('columnheader', { name: 'mm' }).getAttribute('data-align'), 'end');
  // In the list and for ears there are no marks.
  await row(ben.page, 'Kitchen').getByText('Ana: Part mm Door 600').waitFor();
  assert.match((await text.getAttribute('aria-label')) ?? '', /: Bold, slanted, gone and code • oak • ash quoted/);
  await clean(ben.page);
});

test('code is coloured by its language, copied by a button, and folded when it is long', async t => {
  const home = await openHouse(t);
  const ana = await account(home, 'Ana');
  const ben = await visit(t, home, 'Ben', { blank: true });
  const id = await direct(ana, ben);
  const code = 'const a: string = "oak"; // wood';
  await ana.say(id, `\`\`\`ts\n${code}\n\`\`\``);
  await ana.say(id, `\`\`\`\n${Array.from({ length: 40 }, (_, n) => `line ${n + 1}`).join('\n')}\n\`\`\``);
  const { page } = ben;
  await page.goto(`/c/${id}`);
  const short = message(page, 'const a');
  await short.locator('.hljs-keyword').first().waitFor();
  assert.equal(await short.locator('pre').textContent(), code);
  await short.hover();
  await short.getByRole('button', { name: 'Copy code' }).click();
  await short.getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), code);

  const long = message(page, 'line 40');
  const height = () => long.locator('pre').evaluate(pre => pre.clientHeight);
  const folded = await height();
  assert.ok(folded < 22 * 20, `${folded} px`);
  await long.getByRole('button', { name: 'Show all 40 lines' }).click();
  await until(height, px => px >= 40 * 20, 'unfolded');
});

test('a spoiler waits until somebody wants to read it, a link says where it leads', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await visit(t, home, 'Ben', { blank: true });
  const id = await direct(ana, ben);
  await ana.page.goto(`/c/${id}`);
  await ben.page.goto(`/c/${id}`);
  await write(ana.page, 'It was ||the joiner||, see [the plan](https://example.com/plan)');
  const text = message(ben.page, 'It was');
  await text.waitFor();
  assert.match((await text.getAttribute('aria-label')) ?? '', /It was ▮+, see the plan/);
  assert.ok(!(await text.getByText('the joiner').isVisible()));
  await text.getByRole('button', { name: 'Hidden words' }).click();
  assert.ok(await text.getByText('the joiner').isVisible());
  await text.getByText('(example.com)').waitFor();
  const link = text.getByRole('link', { name: 'the plan' });
  assert.deepEqual(
    [await link.getAttribute('href'), await link.getAttribute('rel')],
    ['https://example.com/plan', 'noopener noreferrer nofollow'],
  );
});
