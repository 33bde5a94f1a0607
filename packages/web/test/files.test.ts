import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { picture } from '../../server/test/files.ts';
import { clean } from './axe.ts';
import {
  account,
  composer,
  direct,
  group,
  message,
  messages,
  openHouse,
  type Person,
  row,
  until,
  visit,
} from './browser.ts';

const addFiles = ({ page }: Person) => page.locator('input[type="file"]').first();
const tiles = ({ page }: Person) => page.getByRole('list', { name: 'Files to send' }).getByRole('listitem');
const photo = async (name: string, width = 1_200, height = 800) => ({
  name,
  mimeType: 'image/jpeg',
  buffer: await picture(width, height).jpeg().toBuffer(),
});
const shot = async ({ page }: Person, name: string) => {
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${name}.png` });
};

test('several files are added, sent with a text and seen by the other, whose place for a picture never moves', async t => {
  const home = await openHouse(t);
  const [marit, ada] = [await visit(t, home, 'Marit'), await visit(t, home, 'Ada')];
  const room = await direct(marit, ada);
  await ada.say(room, 'show me');
  for (const who of [marit, ada]) await row(who.page, who === marit ? 'Ada' : 'Marit').click();
  await addFiles(marit).setInputFiles([
    await photo('bench.jpg'),
    await photo('joint.jpg', 600, 900),
    { name: 'cut-list.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n1 0 obj\n') },
  ]);
  await until(
    () => tiles(marit).count(),
    count => count === 3,
    'three tiles',
  );
  await shot(marit, 'files-composer');
  await clean(marit.page);
  await composer(marit.page).fill('The bench, and what to cut');
  await composer(marit.page).press('Enter');
  await until(
    () => tiles(marit).count(),
    count => count === 0,
    'no tiles',
  );

  const seen = message(ada.page, 'The bench, and what to cut');
  const places = seen.getByRole('button', { name: /^Open/ });
  await places.first().waitFor();
  assert.equal(await places.count(), 2);
  const before = await seen.boundingBox();
  await until(
    () => places.locator('img').evaluateAll(all => all.map(img => img instanceof HTMLImageElement && img.naturalWidth)),
    all => all.every(width => Number(width) > 0),
    'both are loaded',
  );
  assert.deepEqual((await seen.boundingBox())?.height, before?.height);
  await seen.getByRole('figure', { name: 'File cut-list.pdf' }).waitFor();
  await shot(ada, 'files-timeline');
  await clean(ada.page);

  await places.nth(1).click();
  const viewer = ada.page.getByRole('dialog', { name: 'joint.jpg' });
  await viewer.getByRole('img', { name: 'joint.jpg' }).waitFor();
  await shot(ada, 'files-viewer');
  await clean(ada.page);
  await ada.page.keyboard.press('ArrowLeft');
  await ada.page.getByRole('dialog', { name: 'bench.jpg' }).waitFor();
  await ada.page.keyboard.press('Escape');
  await until(
    () => ada.page.getByRole('dialog').count(),
    count => count === 0,
    'it closed',
  );

  const saved = ada.page.waitForEvent('download');
  await seen.getByRole('link', { name: 'Save cut-list.pdf' }).click();
  assert.equal((await saved).suggestedFilename(), 'cut-list.pdf');
  assert.match((await row(marit.page, 'Ada').textContent()) ?? '', /The bench/);

  // What stands under files may be taken away again.
  await composer(marit.page).press('ArrowUp');
  await marit.page.getByRole('textbox', { name: 'Change the message' }).fill(' ');
  await marit.page.keyboard.press('Enter');
  await seen.waitFor({ state: 'detached' });
});

test('files come by paste and by drop, can be taken back, and what is refused says why and holds up nothing', async t => {
  const home = await openHouse(t);
  const [marit, ada] = [await visit(t, home, 'Marit'), await account(home, 'Ada')];
  await direct(marit, ada);
  await row(marit.page, 'Ada').click();
  const png = [...(await picture(40, 30).png().toBuffer())];
  const dispatch = (kind: 'paste' | 'drop', name: string, bytes: number[], type: string) =>
    composer(marit.page).evaluate(
      (field, { kind, name, bytes, type }) => {
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.from(bytes)], name, { type }));
        const bubbles = { bubbles: true, cancelable: true };
        if (kind === 'paste') field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, ...bubbles }));
        else
          for (const event of ['dragenter', 'dragover', 'drop'])
            field.dispatchEvent(new DragEvent(event, { dataTransfer: data, ...bubbles }));
      },
      { kind, name, bytes, type },
    );
  await dispatch('paste', 'pasted.png', png, 'image/png');
  await tiles(marit).filter({ hasText: 'pasted.png' }).waitFor();
  await dispatch('drop', 'dropped.png', png, 'image/png');
  await tiles(marit).filter({ hasText: 'dropped.png' }).waitFor();
  await dispatch('drop', 'liar.png', [1, 2, 3, 4], 'image/png');
  const liar = tiles(marit).filter({ hasText: 'liar.png' });
  await liar.getByText(/^Not added: this file calls itself image\/png/).waitFor();
  await shot(marit, 'files-refused');
  await composer(marit.page).fill('look');
  await composer(marit.page).press('Enter'); // not with a file that cannot go
  assert.equal(await messages(marit.page).count(), 0);
  await liar.getByRole('button', { name: 'Remove liar.png' }).click();
  await tiles(marit).filter({ hasText: 'dropped.png' }).getByRole('button', { name: 'Remove dropped.png' }).click();
  await composer(marit.page).press('Enter');
  const sent = message(marit.page, 'look');
  await until(
    () => sent.getByRole('button', { name: /^Open/ }).count(),
    count => count === 1,
    'one picture',
  );
});

test('an upload goes on after a reload, and its message after it', async t => {
  const home = await openHouse(t);
  const [marit, ada] = [await visit(t, home, 'Marit'), await visit(t, home, 'Ada')];
  await direct(marit, ada);
  await row(marit.page, 'Ada').click();
  await row(ada.page, 'Marit').click();
  let parts = 0;
  const reached = Promise.withResolvers<void>();
  await marit.page.route('**/api/v1/uploads/*', async route => {
    if (route.request().method() !== 'PATCH' || ++parts < 3) return route.continue();
    reached.resolve();
    return route.abort(); // the network goes in the middle
  });
  const film = Buffer.alloc(6_000_000, 7);
  await addFiles(marit).setInputFiles([{ name: 'plans.bin', mimeType: 'application/octet-stream', buffer: film }]);
  await tiles(marit).filter({ hasText: 'plans.bin' }).waitFor();
  await composer(marit.page).fill('the plans');
  await composer(marit.page).press('Enter');
  await reached.promise;
  await message(marit.page, 'the plans').getByText('plans.bin').waitFor();
  await shot(marit, 'files-uploading');
  await clean(marit.page);
  const asked = marit.page.waitForRequest(
    request => request.method() === 'HEAD' && request.url().includes('/uploads/'),
  );
  await marit.page.unroute('**/api/v1/uploads/*');
  await marit.page.reload();
  await asked; // it asks where to go on, and does not begin anew
  const seen = message(ada.page, 'the plans');
  await seen.getByRole('figure', { name: 'File plans.bin' }).waitFor();
  await message(marit.page, 'the plans').getByRole('figure', { name: 'File plans.bin' }).waitFor();

  await marit.page.route('**/api/v1/uploads/*', route => route.abort());
  await addFiles(marit).setInputFiles([{ name: 'wrong.bin', mimeType: 'application/octet-stream', buffer: film }]);
  await tiles(marit).filter({ hasText: 'wrong.bin' }).waitFor();
  await composer(marit.page).fill('the wrong ones');
  await composer(marit.page).press('Enter');
  await message(marit.page, 'the wrong ones').getByRole('button', { name: 'Take the message back' }).click();
  await until(
    () => messages(marit.page).count(),
    count => count === 1,
    'it is gone',
  );
  assert.equal(await composer(marit.page).inputValue(), 'the wrong ones'); // what was written is not lost,
  await tiles(marit).filter({ hasText: 'wrong.bin' }).waitFor(); // and neither is the file
});

test('a voice message is recorded, sent with its waveform, and heard by the other', async t => {
  const home = await openHouse(t);
  const [marit, ada] = [await visit(t, home, 'Marit', { browser: 'whole' }), await visit(t, home, 'Ada')];
  await ada.say(await direct(marit, ada), 'tell me');
  await row(marit.page, 'Ada').click();
  await row(ada.page, 'Marit').click();
  await marit.context.grantPermissions(['microphone']);
  await marit.page.getByRole('button', { name: 'Record a voice message' }).click();
  await marit.page.getByRole('group', { name: 'Recording, 0:02' }).waitFor();
  await shot(marit, 'voice-recording');
  await clean(marit.page);
  await marit.page.keyboard.press('Escape');
  await composer(marit.page).waitFor();
  assert.equal(await messages(marit.page).count(), 1); // thrown away

  await marit.page.getByRole('button', { name: 'Record a voice message' }).press('Enter');
  await marit.page.getByRole('group', { name: 'Recording, 0:02' }).waitFor();
  await marit.page.getByRole('button', { name: 'Send the recording' }).click();
  const heard = messages(ada.page).getByRole('figure', { name: /^Voice message, 0:0/ });
  await heard.getByRole('button', { name: 'Play' }).click();
  await heard.getByRole('button', { name: 'Pause' }).waitFor();
  await until(
    () => heard.getByRole('slider', { name: 'Position' }).getAttribute('aria-valuenow'),
    at => Number(at) > 0,
    'it goes on',
  );
  await shot(ada, 'voice-playing');
  await clean(ada.page);
  const bars = await heard.locator('rect').evaluateAll(all => all.map(bar => Number(bar.getAttribute('height'))));
  assert.ok(Math.max(...bars) > 20, String(bars));
});

test('what was sent is gathered in the details: pictures to look at, files to save and to go to', async t => {
  const home = await openHouse(t);
  const [marit, ada] = [
    await visit(t, home, 'Marit'),
    await visit(t, home, 'Ada', { size: 'phone', theme: 'dark', blank: true }),
  ];
  const room = await direct(marit, ada);
  await row(marit.page, 'Ada').click();
  await addFiles(marit).setInputFiles([
    await photo('one.jpg'),
    await photo('two.jpg', 500, 500),
    { name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('saw, plane, glue') },
  ]);
  await until(
    () => tiles(marit).count(),
    count => count === 3,
    'three tiles',
  );
  await composer(marit.page).press('Enter');
  await message(marit.page, '').first().getByRole('figure', { name: 'File plan.txt' }).waitFor();
  await ada.page.goto(`/c/${room}`);
  await messages(ada.page).getByRole('figure', { name: 'File plan.txt' }).waitFor();
  await shot(ada, 'files-phone-dark');
  await ada.page.goto(`/c/${room}/details`);
  const files = ada.page.getByRole('region', { name: 'Files' });
  await files.getByRole('list', { name: 'Pictures and films' }).getByRole('button').first().waitFor();
  await shot(ada, 'files-details-phone-dark');
  await clean(ada.page);
  assert.equal(await files.getByRole('list', { name: 'Pictures and films' }).getByRole('button').count(), 2);
  await files.getByRole('button', { name: /^plan\.txt/ }).click();
  await until(
    async () => ada.page.url(),
    url => /\/c\/[^/]+\/m\/\d+$/.test(url),
    'the message',
  );
});

test('somebody gives themselves, and a group, a face, and others see it where their initials were', async t => {
  const home = await openHouse(t);
  const [marit, ada] = [await visit(t, home, 'Marit'), await visit(t, home, 'Ada', { blank: true })];
  const room = await direct(marit, ada);
  await row(marit.page, 'Ada').waitFor();
  await ada.page.goto('/settings/profile');
  await ada.page.getByLabel('Choose a picture').setInputFiles(await photo('me.jpg'));
  await ada.page.getByRole('button', { name: 'Remove it' }).waitFor();
  await ada.page.getByText(/^Your files take .* of 5 GB\.$/).waitFor();
  await shot(ada, 'face-settings');
  await clean(ada.page);
  const face = row(marit.page, 'Ada').locator('img');
  const size = await until(
    () => face.evaluateAll(([img]) => (img instanceof HTMLImageElement ? img.naturalWidth : 0)),
    width => width > 0,
    'the face',
  );
  assert.equal(size, 256);
  await shot(marit, 'face-list');
  await ada.page.getByRole('button', { name: 'Remove it' }).click();
  await until(
    () => face.count(),
    count => count === 0,
    'initials again',
  );
  assert.ok(room);

  const kitchen = await group(ada, 'Kitchen', marit);
  await ada.page.goto(`/c/${kitchen}/details`);
  await ada.page.getByRole('button', { name: 'Edit', exact: true }).click();
  await ada.page.getByLabel('Choose a picture').setInputFiles(await photo('kitchen.jpg'));
  await row(marit.page, 'Kitchen').locator('img').waitFor();
  await ada.page.getByRole('banner').or(ada.page.locator('main > header')).locator('img').first().waitFor();
  await shot(ada, 'face-group');
  await clean(ada.page);
  await ada.page.getByRole('button', { name: 'Remove it' }).click();
  await until(
    () => row(marit.page, 'Kitchen').locator('img').count(),
    count => count === 0,
    'initials again',
  );

  // In a group the words come first, as they are read.
  const { id } = await ada.call<{ id: string }>('POST', '/media?name=cut-list.pdf', Buffer.from('%PDF-1.7'));
  const draft = { clientId: randomUUID(), text: 'What to cut', attachments: [id] };
  await ada.call('POST', `/conversations/${kitchen}/messages`, draft);
  const said = message(ada.page, 'What to cut');
  const file = await said.getByRole('figure', { name: 'File cut-list.pdf' }).boundingBox();
  const words = await said.getByText('What to cut').boundingBox();
  assert.ok(file && words && words.y + words.height <= file.y, JSON.stringify({ file, words }));
});
