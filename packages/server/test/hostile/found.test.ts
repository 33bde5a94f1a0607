import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { house } from '../house.ts';
import { account, group } from '../people.ts';

// What the generated tests beside this one have found, each by its name.

test('the first drafts of one room from many devices at the same moment: the greatest counts, and none is a fault of ours', async t => {
  const { url } = await house(t);
  const eve = await account(url, 'eve');
  for (let round = 0; round < 10; round++) {
    const room = await group(eve, []);
    const writtenAt = new Date().toISOString();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        eve.http('PUT', `/conversations/${room}/draft`, { text: `device ${String(i).padStart(2, '0')}`, writtenAt }),
      ),
    );
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    const { body } = await eve.http('GET', '/drafts?limit=1');
    assert.ok(JSON.stringify(body).includes('device 11'), JSON.stringify(body));
  }
});

test('promise 6: a request that names no host is refused in words, not by an empty 400', async t => {
  const { port } = await house(t);
  const heard = await text(
    connect(port, '127.0.0.1').end('GET /api/v1/users/me HTTP/1.1\r\nConnection: close\r\n\r\n'),
  );
  assert.match(heard, /^HTTP\/1\.1 400 [\s\S]*"code":"request\.broken"/);
});
