import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { house } from '../../../server/test/house.ts';
import { newcomer, open, reads, textsOf, until } from '../world.ts';

test('the example of the README runs as it stands, and answers', async t => {
  const root = join(import.meta.dirname, '../..');
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
  assert.ok(example.trim().split('\n').length <= 17, 'some fifteen lines');
  const folder = await mkdtemp(join(tmpdir(), 'carpenter-readme-'));
  await symlink(join(root, '../../node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'echo.mts'), example);

  let bot: ChildProcess | undefined;
  t.after(async () => {
    if (bot?.kill('SIGKILL')) await once(bot, 'exit'); // it writes into the folder until then
    await rm(folder, { recursive: true, force: true });
  });
  const { url } = await house(t);
  const ana = await newcomer(t, url, 'ana');
  bot = spawn(process.execPath, ['echo.mts', url], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  let echo: string | undefined;
  while (echo === undefined) echo = (await ana.client.findUsers('echo'))[0]?.id;
  const room = open(t, ana.client, await ana.client.beginDirect(echo));
  room.send('Is anybody there?');
  await reads(room, ['Is anybody there?', 'You said: Is anybody there?']);
  await until(room.timeline, v => textsOf(v).length === 2, 'one answer');
});
