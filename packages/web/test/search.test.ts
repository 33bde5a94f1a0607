import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { picture } from '../../server/test/files.ts';
import { clean } from './axe.ts';
import { type Account, account, direct, group, openHouse, shot, texts, until, visit } from './browser.ts';

const sendFile = async (who: Account, room: string, name: string, bytes = Buffer.from('to be cut')) => {
  const { id } = await who.call<{ id: string }>('POST', `/media?name=${name}`, bytes);
  await who.call('POST', `/conversations/${room}/messages`, { clientId: randomUUID(), text: '', attachments: [id] });
};

test('the palette goes anywhere by its name, by keyboard alone, and remembers what was chosen', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana');
  const ben = await account(home, 'Benedikta');
  const kirsi = await account(home, 'Kirsi');
  await direct(ana, ben);
  await group(ana, 'Kitchen Birch Lane', ben);
  await group(ana, 'Off-cuts', ben);
  await kirsi.call('POST', '/conversations', { type: 'channel', name: 'kiln', topic: 'Drying schedule' });
  await sendFile(ben, await direct(ana, ben), 'kitchen-plan.pdf');
  const { page } = ana;
  await page.getByText('Kitchen Birch Lane').first().waitFor();

  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: 'Search or jump to' });
  await field.fill('ki');
  await page.getByRole('option', { name: /^Kitchen Birch Lane/, selected: true }).waitFor();
  await page.getByRole('option', { name: /^Kirsi @kirsi/ }).waitFor(); // the server added her, the choice has not moved
  await page.getByRole('option', { name: /^Kitchen Birch Lane/, selected: true }).waitFor();
  await clean(page);
  await page
    .getByRole('group', { name: 'Channels to join' })
    .getByRole('option', { name: /^kiln Drying schedule/ })
    .waitFor();
  await shot(page, 'palette-channels');
  await field.fill('kitchen');
  await page
    .getByRole('group', { name: 'Files' })
    .getByRole('option', { name: /^kitchen-plan.pdf/ })
    .waitFor();
  await shot(page, 'palette');
  await page.keyboard.press('Enter');
  await page.getByText('This is the beginning of Kitchen Birch Lane.').waitFor();

  await page.keyboard.press('Control+k');
  await page.getByRole('option', { name: /^Kitchen Birch Lane/, selected: true }).waitFor(); // recent
  await field.fill('>dark');
  await page.keyboard.press('Enter');
  await until(
    () => page.locator('html').getAttribute('data-theme'),
    theme => theme === 'dark',
    'the theme',
  );
  await page.keyboard.press('Control+k');
  await field.fill('@kirs');
  await page.getByRole('option', { name: /^Kirsi/, selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('This is the beginning of your conversation with Kirsi.').waitFor();

  await page.keyboard.press('Control+k');
  for (const nothing of ['@zzzz', '#zzzz', '>zzzz']) {
    await field.fill(nothing);
    await page.getByText(new RegExp(`^Nobody and nothing here is called .*${nothing}`)).waitFor();
  }
  await field.fill('#kil');
  await page.getByRole('option', { name: /^kiln/, selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('This is the beginning of kiln.').waitFor(); // joined
  await page.keyboard.press('Control+k');
  await field.fill('plan pdf');
  await page.getByRole('option', { name: /^kitchen-plan.pdf/ }).click();
  await page.getByRole('figure', { name: 'File kitchen-plan.pdf' }).waitFor();
});

test('a search shows what it found with the words marked, narrows down by chips, and leads to the message', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana');
  const ben = await account(home, 'Ben');
  const kitchen = await group(ana, 'Kitchen Birch Lane', ben);
  const chat = await direct(ana, ben);
  await ben.say(kitchen, 'can you check the hinge side on unit 4?');
  await ana.say(
    kitchen,
    'All **hinges** are `soft-close`, ||not|| [hinges](https://example.org/hinges).\n\n- one\n- two',
  );
  await sendFile(ben, kitchen, 'cut-list.txt');
  await sendFile(ben, kitchen, 'the-cut.png', await picture(40, 30).png().toBuffer());
  await ben.say(chat, 'Could you order two more of the long hinges? https://example.org/hinges');
  for (let i = 0; i < 60; i++) await ana.say(kitchen, `later talk, number ${i}`);
  const { page } = ana;

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('hinge');
  await page.keyboard.press('Control+Enter');
  await page.getByText('3 results').waitFor();
  const hits = page.locator('[data-hit]');
  assert.deepEqual(await hits.locator('mark').allTextContents(), ['hinges', 'hinges', 'hinges', 'hinges', 'hinge']);
  assert.match((await hits.nth(1).textContent()) ?? '', /All hinges are soft-close, ▮▮▮▮▮ hinges. • one • two$/);
  await shot(page, 'search');
  assert.deepEqual(await page.getByRole('heading', { level: 2 }).allTextContents(), ['BBen1', 'KLKitchen Birch Lane2']);
  await clean(page);

  await page.getByRole('searchbox', { name: 'Search messages' }).fill('hinge from:ben has:link ');
  await page.getByText('1 result', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Take away Has: a link' }).click();
  await page.getByText('2 results').waitFor();
  await page.getByRole('button', { name: 'In', exact: true }).click();
  await page.getByRole('button', { name: 'Kitchen Birch Lane' }).last().click();
  await page.getByText('1 result', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Context' }).click();
  await page.getByText('Ana All hinges are soft-close, ▮▮▮▮▮ hinges.').waitFor();

  await page.reload(); // it stands in the address
  await page.getByText('1 result', { exact: true }).waitFor();
  await page.getByRole('searchbox', { name: 'Search messages' }).press('ArrowDown');
  await page.keyboard.press('Enter');
  await until(
    () => texts(page),
    all => all.some(text => text.includes('hinge side on unit 4')),
    'the message in its place',
  );
  await page.goBack();
  await page.getByText('1 result', { exact: true }).waitFor();

  const searchbox = page.getByRole('searchbox', { name: 'Search messages' });
  await searchbox.fill('nothing like that');
  await page.getByText('Try fewer filters.').waitFor();

  await searchbox.fill('cut');
  await page.getByRole('radio', { name: 'Files' }).check();
  const files = page.getByRole('searchbox', { name: 'Search files' });
  await page.getByText('2 files').waitFor();
  assert.deepEqual(await hits.locator('mark').allTextContents(), ['cut', 'cut']);
  await clean(page);
  await shot(page, 'search-files');
  await page.getByRole('radio', { name: 'Messages' }).check();
  await searchbox.waitFor();
  await page.keyboard.press('Control+k'); // the palette leads from messages to files of the same words
  await page.getByRole('combobox', { name: 'Search or jump to' }).fill('cut');
  await page.getByRole('option', { name: /^All files for/ }).click();
  await files.waitFor();
  await files.fill('cut list');
  await page.getByText('1 file', { exact: true }).waitFor();
  await page.reload();
  await page.getByText('1 file', { exact: true }).waitFor();
  await files.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('figure', { name: 'File cut-list.txt' }).waitFor();
});

test('Ctrl F searches the conversation that one is in', async t => {
  const home = await openHouse(t);
  const ana = await visit(t, home, 'Ana', { blank: true });
  const ben = await account(home, 'Ben');
  const kitchen = await group(ana, 'Kitchen', ben);
  const other = await group(ana, 'Other', ben);
  await ana.say(kitchen, 'the oak is here');
  await ana.say(other, 'the oak is there');
  await ana.page.goto(`/c/${kitchen}`);
  await ana.page.getByText('the oak is here').first().waitFor();
  await ana.page.keyboard.press('Control+f');
  await ana.page.getByRole('button', { name: 'Take away In: Kitchen' }).waitFor();
  await ana.page.getByRole('searchbox', { name: 'Search messages' }).fill('oak');
  await ana.page.getByText('1 result', { exact: true }).waitFor();
});
