import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import { forgetAuditTask } from '../src/jobs/sweep.ts';
import { type AuditLine, readAudit } from '../src/store/audit.ts';
import { openPool } from '../src/store/database.ts';
import { login, refresh, refused } from './ask.ts';
import { house, log } from './house.ts';
import { account, direct, group, password, personOf } from './people.ts';
import { sent } from './sent.ts';

const address = '127.0.0.1';

/** A server, its database, and what its audit log says. */
async function audited(t: TestContext, changes: Parameters<typeof house>[1] = {}) {
  const running = await house(t, changes);
  const db = openPool(running.databaseUrl, log);
  t.after(() => db.end());
  const lines = (filter: Partial<Parameters<typeof readAudit>[1]> = {}) => readAudit(db, { limit: 1_000, ...filter });
  /** The last line of this kind; it may be written a moment after the answer. */
  async function last(what: string, count = 1): Promise<AuditLine> {
    for (const until = Date.now() + 20_000; Date.now() < until; await setTimeout(10)) {
      const found = await lines({ what });
      if (found.length >= count) return found.at(-1) ?? assert.fail();
    }
    assert.fail(`${what} was not written down`);
  }
  return { ...running, db, lines, last };
}

test('every login, refused login and end of a session is written down, with who, from where, and why', async t => {
  const { url, lines, last } = await audited(t);
  const ana = await account(url, 'ana');
  const by = { userId: ana.id, username: 'ana' };
  const made = await last('account.created');
  assert.deepEqual([made.onUser, made.address, made.details], [by, address, { role: 'owner' }]);
  const begun = await last('session.begun');
  assert.deepEqual([begun.by, begun.address, begun.details], [by, address, { device: 'node' }]);

  refused(await login(url, 'Ana', 'not the password'), 'auth.wrong');
  const wrong = await last('session.refused');
  assert.deepEqual(
    [wrong.onUser, wrong.by, wrong.address, wrong.details],
    [by, undefined, address, { because: 'auth.wrong' }],
  );
  refused(await login(url, 'my password typed here', 'x'), 'auth.wrong');
  const nobody = await last('session.refused', 2);
  assert.deepEqual([nobody.onUser, nobody.details], [undefined, { because: 'auth.wrong' }]);

  const second = (await login(url, 'ana', password)).json();
  const theft = String(second.refreshToken);
  await refresh(url, String((await refresh(url, theft)).json().refreshToken));
  refused(await refresh(url, theft), 'auth.refresh_reused');
  const reuse = await last('session.ended');
  assert.deepEqual([reuse.by, reuse.onUser, reuse.address, reuse.details.because], [by, by, address, 'reuse']);

  const third = personOf(url, { ...ana.grant, ...(await login(url, 'ana', password)).json() });
  const wrongly = { current: 'not the password', next: 'another long password' };
  assert.equal((await ana.http('POST', '/auth/password', wrongly)).status, 403);
  assert.equal((await last('password.refused')).sessionId, begun.sessionId);
  const change = { current: password, next: 'another long password' };
  assert.equal((await ana.http('POST', '/auth/password', change)).status, 204);
  const changed = await last('password.changed');
  assert.equal(changed.sessionId, begun.sessionId);
  assert.equal(Array.isArray(changed.details.sessionsEnded) && changed.details.sessionsEnded.length, 1);
  assert.equal((await third.http('GET', '/users/me')).status, 401);
  assert.equal((await ana.http('POST', '/auth/logout')).status, 204);
  const out = await last('session.ended', 2);
  assert.deepEqual(out.details, { sessionId: begun.sessionId, because: 'logout' });
  assert.deepEqual([out.by, out.sessionId, out.address], [by, begun.sessionId, address]);

  const all = JSON.stringify(await lines());
  for (const secret of [password, change.next, wrongly.current, theft, 'typed here']) assert.ok(!all.includes(secret));
});

test('what is done to people, rooms, links and reports is written down in the transaction that does it', async t => {
  const { url, db, lines, last } = await audited(t);
  const [ana, ben, cleo] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'cleo')];
  const room = await group(ana, [ben]);
  const told = async (what: string) => {
    const { by, onUser, onConversation, details, address: from } = await last(what);
    assert.equal(from, address, what);
    assert.equal(onConversation, room, what);
    return [by?.username, onUser?.username, details];
  };

  await ana.http('PATCH', `/conversations/${room}/members/${ben.id}`, { role: 'admin' });
  assert.deepEqual(await told('member.role_changed'), ['ana', 'ben', { from: 'member', to: 'admin' }]);

  const { body: link } = await ben.http('POST', '/invites', { conversationIds: [room], maxUses: 5 });
  const inviteId = link.id;
  assert.deepEqual(await told('invite.made'), ['ben', undefined, { inviteId, role: 'member', maxUses: 5 }]);
  assert.equal((await cleo.http('POST', `/invites/${link.code}/accept`)).status, 200);
  assert.deepEqual(await told('invite.used'), ['cleo', 'cleo', { inviteId, role: 'member' }]);
  await ben.http('DELETE', `/invites/${link.code}`);
  await ben.http('DELETE', `/invites/${link.code}`);
  assert.deepEqual(await told('invite.withdrawn'), ['ben', undefined, { inviteId }]);
  assert.equal((await lines({ what: 'invite.withdrawn' })).length, 1, 'once is enough');

  const { seq } = await sent(cleo, room, 'words that somebody minds');
  await ben.http('POST', `/conversations/${room}/messages/${seq}/report`, {
    reason: 'spam',
    text: 'a reason in words',
  });
  const { body: reports } = await ana.http('GET', '/reports');
  assert.ok(Array.isArray(reports.reports));
  const reportId = reports.reports[0].id;
  await ana.http('POST', `/reports/${reportId}/resolve`, { outcome: 'dismissed' });
  assert.deepEqual(await told('report.settled'), ['ana', 'cleo', { reportId, seq, outcome: 'dismissed' }]);
  await ben.http('DELETE', `/conversations/${room}/messages/${seq}`);
  assert.deepEqual(await told('message.removed'), ['ben', 'cleo', { seq }]);
  await ben.http('DELETE', `/conversations/${room}/members/${cleo.id}`);
  assert.deepEqual(await told('member.removed'), ['ben', 'cleo', { role: 'member' }]);
  await ana.http('PATCH', `/conversations/${room}`, { writers: 'moderators', name: 'a new name' });
  assert.deepEqual(await told('conversation.configured'), ['ana', undefined, { writers: 'moderators' }]);

  const { seq: own } = await sent(ana, room, 'my own');
  await ana.http('DELETE', `/conversations/${room}/messages/${own}`);
  assert.equal(
    (await lines({ what: 'message.removed' })).length,
    1,
    'what one deletes oneself is nobody else’s business',
  );
  await ana.http('DELETE', `/conversations/${room}`);
  assert.deepEqual(await told('conversation.deleted'), ['ana', undefined, { members: 2 }]);

  const inRoom = await lines({ conversationId: room });
  assert.equal(inRoom.length, 9);
  assert.ok(inRoom.every(line => line.onConversation === room));
  assert.deepEqual(
    (await lines({ username: 'cleo' })).map(line => line.what),
    ['account.created', 'session.begun', 'invite.used', 'report.settled', 'message.removed', 'member.removed'],
  );
  assert.deepEqual(
    (await lines({ what: 'invite' })).map(line => line.what),
    ['invite.made', 'invite.used', 'invite.withdrawn'],
  );
  const all = JSON.stringify(await lines());
  for (const text of ['words that', 'a reason in', 'a new name', 'my own', String(link.code)])
    assert.ok(!all.includes(text));

  // Neither without the other: what cannot be written down does not happen.
  const other = await group(ana, [ben, cleo]);
  const remove = () => ana.http('DELETE', `/conversations/${other}/members/${ben.id}`);
  await db.query(`ALTER TABLE audit_log ADD CONSTRAINT broken CHECK (what <> 'member.removed') NOT VALID`);
  assert.equal((await remove()).status, 500);
  assert.equal((await ben.http('GET', `/conversations/${other}`)).status, 200);
  await db.query('ALTER TABLE audit_log DROP CONSTRAINT broken');
  await db.query(`ALTER TABLE messages ADD CONSTRAINT broken CHECK (type <> 'system') NOT VALID`);
  assert.equal((await remove()).status, 500);
  assert.equal((await lines({ conversationId: other })).length, 0);
});

test('the audit log cannot be changed, stays when what it speaks of is swept, and is let go after its time only', async t => {
  const { url, db, lines } = await audited(t);
  await direct(await account(url, 'ana'), await account(url, 'ben'));
  const before = (await lines()).length;
  for (const statement of ["UPDATE audit_log SET what = 'x'", 'DELETE FROM audit_log', 'TRUNCATE audit_log']) {
    await assert.rejects(db.query(statement), /only ever added to/, statement);
  }
  const { rows } = await db.query(`SELECT 1 FROM information_schema.columns
    WHERE table_name = 'audit_log' AND column_name = 'conversation_id'`);
  assert.equal(rows.length, 0, 'what has such a column is swept with its conversation');

  for (const days of [29, 31, 99, 101]) {
    await db.query(
      `INSERT INTO audit_log (id, at, what) VALUES (gen_random_uuid(), now() - $1 * interval '1 day', 'old')`,
      [days],
    );
  }
  await forgetAuditTask(db, 100, pino({ level: 'silent' })).take({});
  assert.equal((await lines({ what: 'old' })).length, 3);
  await forgetAuditTask(db, 30, pino({ level: 'silent' })).take({});
  assert.equal((await lines({ what: 'old' })).length, 1);
  assert.equal((await lines()).length, before + 1);
});

test('guessing for days does not fill the audit log: of one account and address it holds sixty refused logins an hour', async t => {
  const { url, lines, last } = await audited(t);
  await account(url, 'ana');
  for (let i = 0; i < 7; i++) await Promise.all(Array.from({ length: 10 }, () => login(url, 'ana', 'a wrong guess')));
  await last('session.refused', 60);
  assert.equal((await login(url, 'ana', password)).status, 200);
  await last('session.begun', 2);
  const count = (await lines({ what: 'session.refused' })).length;
  assert.ok(count >= 60 && count <= 62, String(count));
});

test('whoever guesses loudly hides no refused login from elsewhere', async t => {
  const { url, last } = await audited(t, { trustProxy: 1 });
  await account(url, 'ana');
  const guess = (address: string) => login(url, 'ana', 'a wrong guess', { 'x-forwarded-for': address });
  for (let i = 0; i < 7; i++) await Promise.all(Array.from({ length: 10 }, () => guess('203.0.113.7')));
  await last('session.refused', 60);
  await guess('198.51.100.1');
  assert.equal((await last('session.refused', 61)).address, '198.51.100.1');
});

test('the address in the audit log is the one that a trusted proxy told, and never one that somebody made up', async t => {
  const headers = { 'x-forwarded-for': '203.0.113.7, 198.51.100.1' };
  for (const [trustProxy, from] of [
    [0, address],
    [1, '198.51.100.1'],
  ] as const) {
    const { url, lines, last } = await audited(t, { trustProxy });
    const ana = await account(url, 'ana');
    assert.equal((await login(url, 'ana', password, headers)).status, 200);
    await login(url, 'ana', 'not the password', headers);
    assert.equal((await last('session.refused')).address, from);
    assert.deepEqual(
      (await lines({ what: 'session.begun' })).map(line => line.address),
      [address, from],
    );
    assert.equal(ana.username, 'ana');
  }
});
