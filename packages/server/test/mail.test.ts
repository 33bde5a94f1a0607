import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { api } from '@carpenter/protocol';
import pg from 'pg';
import { SMTPServer } from 'smtp-server';
import { ask, refused } from './ask.ts';
import { house } from './house.ts';
import { account, direct, group, type Person } from './people.ts';

/** A mail server on this machine. `refuses` says what it answers instead of taking a letter. */
async function mailServer(t: TestContext, refuses: () => Error | undefined = () => undefined) {
  const letters: { to: string; body: string }[] = [];
  const waiting = new Set<() => void>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      text(stream).then(body => {
        const no = refuses();
        if (no) return done(no);
        const to = session.envelope.rcptTo.map(({ address }) => address).join();
        letters.push({ to, body: body.replace(/=\r\n/g, '').replace(/=3D/g, '=') });
        done();
        for (const look of waiting) look();
      }, done);
    },
  });
  server.on('error', () => {}); // a client that hangs up
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  t.after(() => server.close(() => {}));
  const place = server.server.address();
  assert.ok(typeof place === 'object' && place);
  const until = async (count: number) => {
    while (letters.length < count) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const timer = setTimeout(() => reject(new Error(`${letters.length} of ${count} letters came`)), 20_000);
      waiting.add(resolve);
      await promise.finally(() => clearTimeout(timer));
    }
  };
  return { url: `smtp://127.0.0.1:${place.port}`, letters, until };
}

async function mailHouse(t: TestContext, refuses?: () => Error | undefined) {
  const post = await mailServer(t, refuses);
  const publicUrl = 'https://chat.example.org';
  const { url, databaseUrl } = await house(t, { mail: { url: post.url, from: 'Chat <chat@example.org>' }, publicUrl });
  const besides = new pg.Client({ connectionString: databaseUrl });
  besides.on('error', () => {}); // its database is dropped under it when the test ends
  await besides.connect();
  return { post, url, besides };
}
const codeIn = (body: string): string => /The code is (\d{6})/.exec(body)?.[1] ?? assert.fail(body);

test('who confirmed an address hears there once of what they missed, and not of what they read or muted', async t => {
  const { post, url, besides } = await mailHouse(t);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  const set = { address: 'ben@example.org', everyHours: 1 };
  assert.deepEqual((await ben.http('PUT', '/users/me/mail', set)).body, { ...set, confirmed: false });
  await post.until(1);
  assert.equal(post.letters[0]?.to, 'ben@example.org');
  const code = codeIn(post.letters[0]?.body ?? '');
  const wrong = code === '000000' ? '111111' : '000000';
  assert.equal((await ben.http('POST', '/users/me/mail/confirm', { code: wrong })).body.code, 'mail.wrong_code');
  assert.equal((await ben.http('POST', '/users/me/mail/confirm', { code })).body.confirmed, true);

  const say = (room: string, words: string, more: object = {}) =>
    ana.http('POST', `/conversations/${room}/messages`, { clientId: randomUUID(), text: words, ...more });
  const [alone, room, muted, read] = [
    await direct(ana, ben),
    await group(ana, [ben], 'Workshop'),
    await group(ana, [ben], 'Muted'),
    await group(ana, [ben], 'Read'),
  ];
  await ben.http('PATCH', `/conversations/${muted}/mine`, { mutedUntil: '2999-01-01T00:00:00.000Z' });
  await say(alone, 'Only for you');
  await say(room, '@ben where is the glue?');
  await say(room, 'not to anybody');
  const opened = await ana.http('POST', `/conversations/${room}/messages/2/thread`);
  const thread = api.thread.answers[201].parse(opened.body).conversation.id;
  await say(thread, '@ben it dries too fast', { alsoInParent: true });
  await say(muted, '@ben in a muted one');
  await say(read, '@ben in one that is read');
  await ben.http('PUT', `/conversations/${read}/read`, { seq: 100 });
  await besides.query(`UPDATE messages SET created_at = now() - interval '20 minutes'`);
  await besides.query(`UPDATE email_addresses SET looked_at = now() - interval '70 minutes'`);
  await besides.query(`SELECT jobs.add_job('digest', '{}')`);
  await post.until(2);
  const { body = '', to } = post.letters[1] ?? {};
  assert.equal(to, 'ben@example.org');
  assert.match(body, /Subject: What you missed on chat\.example\.org/);
  assert.match(body, /Only for you/);
  assert.match(body, /ana in Workshop/);
  assert.equal(body.split('it dries too fast').length, 2, 'what is sent to the conversation too is missed once');
  assert.ok(body.includes(`https://chat.example.org/c/${alone}/m/`));
  assert.doesNotMatch(body, /not to anybody|muted one|one that is read/);

  await besides.query(`UPDATE email_addresses SET looked_at = now() - interval '2 minutes'`);
  await besides.query(`SELECT jobs.add_job('digest', '{}')`);
  await ana.http('PUT', '/users/me/mail', { address: 'ana@example.org', everyHours: 24 });
  await post.until(3);
  assert.equal(post.letters[2]?.to, 'ana@example.org', 'nothing more to ben before an hour is over');
});

test('a letter that the mail server does not take is a failed delivery, tried again', async t => {
  let no: Error | undefined;
  const { post, url, besides } = await mailHouse(t, () => no);
  const [ana, ben] = [await account(url, 'ana'), await account(url, 'ben')];
  await ben.http('PUT', '/users/me/mail', { address: 'ben@example.org', everyHours: 1 });
  await post.until(1);
  await ben.http('POST', '/users/me/mail/confirm', { code: codeIn(post.letters[0]?.body ?? '') });
  const room = await direct(ana, ben);
  await ana.http('POST', `/conversations/${room}/messages`, { clientId: randomUUID(), text: 'Only for you' });
  await besides.query(`UPDATE messages SET created_at = now() - interval '20 minutes'`);
  await besides.query(`UPDATE email_addresses SET looked_at = now() - interval '70 minutes'`);
  no = Object.assign(new Error('Mailbox full'), { responseCode: 452 });
  await besides.query(`SELECT jobs.add_job('digest', '{}')`);
  let failed: ReturnType<typeof parse> = [];
  const parse = (body: unknown) => api.deliveries.answers[200].parse(body).deliveries;
  for (const end = Date.now() + 20_000; failed.length === 0 && Date.now() < end; ) {
    failed = parse((await ana.http('GET', '/admin/deliveries')).body);
  }
  assert.deepEqual([failed[0]?.over, failed[0]?.device], ['email', 'ben@example.org']);
  assert.match(failed[0]?.lastError ?? '', /^The mail server says: 452 .*Mailbox full/);
  assert.ok(failed[0]?.nextTryAt);
  no = undefined;
  await besides.query('UPDATE deliveries SET next_try = now()');
  await besides.query(`SELECT jobs.add_job('deliver', '{}')`);
  await post.until(2);
  assert.match(post.letters[1]?.body ?? '', /Only for you/);
});

test('an address to which the mail server sends nothing is refused in its words, and confirmed by nothing', async t => {
  const no = Object.assign(new Error('No such mailbox'), { responseCode: 550 });
  const { post, url } = await mailHouse(t, () => no);
  const ben = await account(url, 'ben');
  const set = { address: 'ben@example.org', everyHours: 1 };
  const { status, body } = await ben.http('PUT', '/users/me/mail', set);
  assert.deepEqual([status, body.code], [422, 'mail.failed']);
  assert.match(String(body.detail), /550 .*No such mailbox/);
  assert.deepEqual((await ben.http('GET', '/users/me/mail')).body.mail, { ...set, confirmed: false });
  assert.equal(post.letters.length, 0);
});

test('codes are not sent twice in a minute nor guessed for long; without a mail server it is said so', async t => {
  const { post, url } = await mailHouse(t);
  const ben = await account(url, 'ben');
  const put = (address: string) =>
    ask(url, '/api/v1/users/me/mail', {
      method: 'PUT',
      token: ben.grant.accessToken,
      body: { address, everyHours: 24 },
    });
  assert.equal((await put('ben@example.org')).status, 200);
  refused(await put('carl@example.org'), 'mail.too_often');
  refused(await put('no address'), 'input.invalid');
  refused(await put('ben@example.org\r\nBcc: all@example.org'), 'input.invalid');
  await post.until(1);
  const code = codeIn(post.letters[0]?.body ?? '');
  const tries = Array.from({ length: 5 }, (_, i) => String((Number(code) + i + 1) % 1_000_000).padStart(6, '0'));
  for (const guess of tries) await ben.http('POST', '/users/me/mail/confirm', { code: guess });
  assert.equal((await ben.http('POST', '/users/me/mail/confirm', { code })).body.code, 'mail.wrong_code');
  await ben.http('DELETE', '/users/me/mail');
  assert.deepEqual((await ben.http('GET', '/users/me/mail')).body, { available: true });

  const silent = await house(t);
  const ana = await account(silent.url, 'ana');
  assert.deepEqual((await ana.http('GET', '/users/me/mail')).body, { available: false });
  const answer = await ana.http('PUT', '/users/me/mail', { address: 'ana@example.org', everyHours: 24 });
  assert.equal(answer.body.code, 'mail.unavailable');
});

test('nobody fills a letter box with codes: not by taking the address away in between, nor with many accounts', async t => {
  const { post, url } = await mailHouse(t);
  const put = ({ http }: Person, address: string) => http('PUT', '/users/me/mail', { address, everyHours: 24 });
  const mallory = await account(url, 'mallory');
  assert.equal((await put(mallory, 'carl@example.org')).status, 200);
  await mallory.http('DELETE', '/users/me/mail');
  assert.equal((await put(mallory, 'carl@example.org')).body.code, 'mail.too_often');
  const outcomes: number[] = [];
  for (const name of ['mal1', 'mal2', 'mal3', 'mal4', 'mal5', 'mal6']) {
    outcomes.push((await put(await account(url, name), 'Carl@example.org')).status);
  }
  assert.deepEqual(outcomes, [200, 200, 200, 200, 429, 429]);
  assert.equal(post.letters.length, 5);
});
