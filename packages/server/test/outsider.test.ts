import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { api, apiPrefix } from '@carpenter/protocol';
import { z } from 'zod';
import { ask } from './ask.ts';
import { house } from './house.ts';
import { account, group, type Person } from './people.ts';
import { sent } from './sent.ts';

const document = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.object({ security: z.array(z.unknown()).optional() }))),
});
const secret = 'the wages of the year';

/** What belongs to ana and ben, by the name that a path gives it. */
interface Theirs {
  readonly room: string;
  readonly thread: string;
  /** By the first part of the path, or by the name of the parameter. */
  readonly ids: Readonly<Record<string, string>>;
}

async function theirs(ana: Person, ben: Person): Promise<Theirs> {
  const room = await group(ana, [ben], secret);
  const poll = await sent(ana, room, secret, { poll: { options: [secret, 'no'] } });
  const at = `/conversations/${room}/messages/${poll.seq}`;
  const thread = api.thread.answers[201].parse((await ben.http('POST', `${at}/thread`)).body).conversation.id;
  const idOf = ({ status, body }: { status: number; body: Record<string, unknown> }): string => {
    assert.ok(status === 200 || status === 201, JSON.stringify(body));
    return String(body.id ?? body.code);
  };
  await sent(ben, thread, `@ana ${secret}`);
  await ana.http('PUT', `${at}/pin`);
  await ana.http('PUT', `${at}/bookmark`, { note: secret });
  await ben.http('PUT', `${at}/reactions/${encodeURIComponent('👍')}`);
  await ana.http('PUT', `/conversations/${room}/draft`, { text: secret, writtenAt: new Date().toISOString() });
  const sendAt = new Date(Date.now() + 86_400_000).toISOString();
  const scheduled = idOf(await ana.http('POST', `/conversations/${room}/scheduled`, { text: secret, sendAt }));
  const code = await ana.http('POST', '/invites', { conversationIds: [room] });
  const { seq } = await sent(ben, room, secret);
  await ana.http('POST', `/conversations/${room}/messages/${seq}/report`, { reason: 'other', note: secret });
  const { body } = await ana.http('GET', '/reports');
  const [report] = api.reports.answers[200].parse(body).reports;
  assert.ok(report);
  const media = await fetch(`${ana.url}${apiPrefix}/media?name=${encodeURIComponent(`${secret}.txt`)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ana.grant.accessToken}`, 'content-type': 'application/octet-stream' },
    body: secret,
  });
  assert.equal(media.status, 201);
  const file = z.object({ id: z.string() }).parse(await media.json()).id;
  await sent(ana, room, '', { attachments: [file] });
  const { sessions } = api.sessions.answers[200].parse((await ana.http('GET', '/auth/sessions')).body);
  return {
    room,
    thread,
    ids: {
      scheduled,
      reports: report.id,
      media: file,
      uploads: file,
      auth: sessions[0]?.id ?? '',
      code: String(code.body.code),
      userId: ana.id,
      emoji: encodeURIComponent('👍'),
      option: '0',
      seq: String(poll.seq),
    },
  };
}

/** Everybody may know that these exist, and does nothing to their owner with them. */
const open = ['/users/{id}', '/users/{id}/block', '/invites/{code}', '/invites/{code}/accept'];
const some: Record<string, unknown> = {
  text: 'mine',
  seq: 1,
  votes: [0],
  name: 'mine',
  role: 'owner',
  userIds: [randomUUID()],
};
const given = (): Record<string, unknown> => ({
  ...some,
  clientId: randomUUID(),
  writtenAt: new Date().toISOString(),
  sendAt: new Date(Date.now() + 3_600_000).toISOString(),
  reason: 'spam',
  action: 'dismiss',
  outcome: 'dismissed',
  settings: {},
});

test('promise 5: an outsider who walks the whole API document learns nothing of what is not theirs, and changes nothing', async t => {
  const { url } = await house(t);
  const [ana, ben, cleo] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'cleo')];
  const { room, thread, ids } = await theirs(ana, ben);
  const seen = async () =>
    Promise.all(
      [
        `/conversations/${room}`,
        `/conversations/${room}/messages`,
        `/conversations/${thread}/messages`,
        '/bookmarks',
        '/scheduled',
        '/drafts',
        '/reports',
        '/invites',
        '/auth/sessions',
      ].map(path => ana.http('GET', path)),
    );
  const before = await seen();
  const { paths } = document.parse((await ask(url, '/api/openapi.json')).json());
  const { accessToken: token } = cleo.grant;
  let walked = 0;
  for (const [path, methods] of Object.entries(paths)) {
    const short = path.replace(apiPrefix, '');
    if (open.includes(short) || short === '/auth/logout' || short === '/events') continue; // events: foreign-ids.test.ts
    const first = short.split('/')[1] ?? '';
    const places = first === 'conversations' && short.includes('{id}') ? [room, thread] : [ids[first] ?? randomUUID()];
    for (const method of Object.keys(methods).map(m => m.toUpperCase())) {
      for (const id of places) {
        const none: Record<string, string> = { ...ids, id: randomUUID(), code: 'A'.repeat(ids.code?.length ?? 20) };
        const fill = (values: Record<string, string>) =>
          short.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? randomUUID());
        const query = short.endsWith('/changes') ? '?since=0' : '';
        const part = method === 'PATCH' && first === 'uploads';
        const reads = method === 'GET' || method === 'HEAD';
        const body = reads ? undefined : part ? 'bytes' : given();
        const bytes = {
          'content-type': 'application/offset+octet-stream',
          'tus-resumable': '1.0.0',
          'upload-offset': '0',
        };
        const headers = part ? bytes : { 'tus-resumable': '1.0.0' };
        const asked = (where: string) => ask(url, `${apiPrefix}${where}${query}`, { method, token, body, headers });
        const real = await asked(fill({ ...ids, id }));
        walked++;
        assert.doesNotMatch(real.text, new RegExp(`${secret}|${room}|${thread}`), `${method} ${short}`);
        if (!short.includes('{')) continue;
        const nothing = await asked(fill(none));
        assert.equal(real.status, nothing.status, `${method} ${short}: ${real.text} but ${nothing.text}`);
        assert.equal(real.text, nothing.text, `${method} ${short}`);
        assert.equal(real.status, 404, `${method} ${short}: ${real.text}`);
      }
    }
  }
  assert.ok(walked > 100, `${walked} were walked`);
  assert.deepEqual(await seen(), before);
});
