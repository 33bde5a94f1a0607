import assert from 'node:assert/strict';
import test from 'node:test';
import { closeReason, closes, type Event } from '@carpenter/protocol';
import fc from 'fast-check';
import { webServer } from '../../server/test/outside-world.ts';
import { backoff, backoffBaseMs, backoffCapMs } from '../src/backoff.ts';
import { afterEnding } from '../src/endings.ts';
import { eventData, openSse } from '../src/transport/sse.ts';

test('every close code of the protocol has its action, and words', () => {
  const acts = {
    stay: ['reconnect'],
    reconnect: ['reconnect'],
    login: ['renew'],
    fix: ['reload'],
    stop: ['login', 'none'],
  };
  for (const [name, { code, words, action }] of Object.entries(closes)) {
    const next = afterEnding({ code, reason: closeReason(words) });
    assert.ok(acts[action].includes(next.act), `${code} ${next.act}`);
    assert.deepEqual(next.because, { code: name, words });
  }
});

test('a close without a code of ours is tried again, and says nothing that is not known', () => {
  for (const code of [1005, 1006, 1015, 4999])
    assert.deepEqual(afterEnding({ code, reason: '' }), { act: 'reconnect' });
});

test('the server is obeyed: the closing frame counts before the reason, the reason before our own wait', () => {
  const reason = closeReason('This server restarts.', 3_000);
  const closing = { type: 'closing', code: 1012, message: 'Back at ten.', retryAfterMs: 5_000 } as const;
  assert.deepEqual(afterEnding({ code: 1012, reason }), {
    act: 'reconnect',
    because: { code: 'restarting', words: closes.restarting.words },
    askedMs: 3_000,
  });
  assert.deepEqual(afterEnding({ code: 1006, reason: '', closing }), {
    act: 'reconnect',
    because: { code: 'restarting', words: 'Back at ten.' },
    askedMs: 5_000,
  });
});

test('waits have full jitter from half a second up to 30 s, and never undercut what the server asked for', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.nat(5_000), random, fc.nat(600_000), (attempt, r, asked) => {
      const wait = backoff(attempt, r);
      assert.ok(wait >= 0 && wait <= Math.min(backoffCapMs, backoffBaseMs * 2 ** attempt));
      const obeyed = backoff(attempt, r, asked);
      assert.ok(obeyed >= asked && obeyed <= asked * 1.2 + 1);
    }),
  );
  assert.deepEqual([backoff(0, 0), backoff(0, 0.5), backoff(3, 0.5), backoff(40, 0.5)], [0, 250, 2_000, 15_000]);
});

test('an event stream is read alike, wherever it is cut into pieces', async () => {
  const stream =
    ': hello\n\ndata: {"a":1}\n\nevent: x\ndata: one\ndata: two\n\n: beat\r\n\r\ndata:ü €\r\n\r\ndata: unfinished';
  const bytes = new TextEncoder().encode(stream);
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 })), async cuts => {
      const ends = [...cuts.sort((a, b) => a - b), bytes.length];
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          for (const [i, end] of ends.entries()) controller.enqueue(bytes.slice(ends[i - 1] ?? 0, end));
          controller.close();
        },
      });
      const heard: string[] = [];
      for await (const data of eventData(body, () => {})) heard.push(data);
      assert.deepEqual(heard, ['{"a":1}', 'one\ntwo', 'ü €']);
    }),
  );
});

test('over an event stream what a proxy answers to a command is told from what the server says, and in words', async t => {
  let answer: readonly [status: number, body: string] = [200, ''];
  const { url } = await webServer(t, ({ url }, response) => {
    if (url?.endsWith('/events')) response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    else response.writeHead(answer[0]).end(answer[1]);
  });
  const refusal = {
    ...{ type: 'about:blank', title: 'Too fast', status: 429, code: 'rate.exceeded' },
    ...{ detail: 'Too fast: go on in 1 s.', retryAfterMs: 1_000, details: { retryAfterMs: 1_000 } },
  };
  for (const [status, body, code] of [
    [403, '{"error": "blocked by your company"}', 'network.foreign'],
    [403, '{"code": 403, "detail": ["no"]}', 'network.foreign'],
    [502, '<h1>Bad gateway</h1>', 'network.unreachable'],
    [503, '', 'network.unreachable'],
    [429, JSON.stringify(refusal), 'rate.exceeded'],
  ] as const) {
    answer = [status, body];
    const said = Promise.withResolvers<Event>();
    const link = openSse(url, 'a token', { event: said.resolve, heard: () => {}, ended: () => {} });
    link.send({ type: 'heads', ref: '7' });
    const event = await said.promise;
    link.close();
    assert.ok(event.type === 'error');
    assert.deepEqual([event.code, event.ref], [code, '7']);
    assert.match(event.message, /^[A-Z].*\.$/);
  }
});
