import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { z } from 'zod';
import { ask, login } from './ask.ts';
import { uploaded } from './files.ts';
import { house } from './house.ts';
import { account, password } from './people.ts';

const document = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** The headers of a raw answer, by their names in lower case. */
const headersOf = (answer: string): Headers =>
  new Headers(
    answer
      .split('\r\n\r\n', 1)[0]
      ?.split('\r\n')
      .slice(1)
      .map((line): [string, string] => [line.split(':', 1)[0] ?? '', line.slice(line.indexOf(':') + 1).trim()]),
  );

/** What every answer must say to a browser, wherever it comes from. */
function checkBrowserHeaders(headers: Headers, https: boolean, what: string): void {
  assert.equal(headers.get('x-content-type-options'), 'nosniff', what);
  assert.equal(headers.get('referrer-policy'), 'no-referrer', what);
  assert.equal(headers.get('x-frame-options'), 'DENY', what);
  const policy = headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/, what);
  assert.match(policy, /frame-ancestors 'none'/, what);
  assert.doesNotMatch(policy, /unsafe-eval|script-src[^;]*unsafe-inline/, what);
  assert.equal(headers.get('strict-transport-security'), https ? 'max-age=31536000' : null, what);
  assert.equal(headers.get('server'), null, what);
  assert.equal(headers.get('x-powered-by'), null, what);
}

for (const https of [true, false]) {
  const more = https ? { publicUrl: 'https://chat.example.org' } : {};
  test(`every answer protects whoever shows it, kept by no cache: all routes, refused and not, ${https ? 'with' : 'without'} https`, async t => {
    const { url, port } = await house(t, more);
    const ana = await account(url, 'ana');
    const { grant } = ana;
    const throwAway = async () => String((await login(url, 'ana', password)).json().accessToken);
    const { paths } = document.parse((await ask(url, '/api/openapi.json')).json());
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => ({ path: `/api/v1${path}`, method: method.toUpperCase() })),
    );
    assert.ok(routes.length > 90, String(routes.length));
    const seen = new Set<number>();
    for (const { path, method } of routes) {
      const real = path.replace(/\{(\w+)\}/g, (_, name) =>
        name === 'seq' ? '1' : name === 'emoji' ? '👍' : randomUUID(),
      );
      const ends = path.endsWith('/logout');
      const json = method === 'GET' || method === 'HEAD' || method === 'DELETE' ? {} : { body: {} };
      for (const [as, asked] of [
        ['nobody', {}],
        ['somebody', { token: ends ? await throwAway() : grant.accessToken }],
        ['a broken body', { token: ends ? await throwAway() : grant.accessToken, ...(json.body && { body: '{' }) }],
      ] as const) {
        if (path.endsWith('/events') && as !== 'nobody') continue; // it has no end: below
        const what = `${method} ${real} as ${as}`;
        const { status, headers, text } = await ask(url, encodeURI(real), { method, ...json, ...asked });
        assert.ok(status < 500, `${what}: ${status} ${text}`);
        seen.add(status);
        checkBrowserHeaders(headers, https, what);
        assert.equal(headers.get('cache-control'), 'private, no-store', what);
        assert.match(headers.get('vary') ?? '', /(^|, )Authorization(,|$)/i, what);
        assert.match(headers.get('x-request-id') ?? '', /^[0-9a-f]{16}$/, what);
      }
    }
    for (const status of [200, 204, 400, 401, 404]) assert.ok(seen.has(status), `none answered ${status}`);

    // Files may be kept by the browser, which asks again each time whether it still may show them.
    const { id } = await uploaded(ana, Buffer.from('a text'), 'a.txt', 'text/plain');
    const file = await ask(url, `/api/v1/media/${id}`, { token: grant.accessToken });
    const known = { 'if-none-match': file.headers.get('etag') ?? '' };
    const asked: [number, Record<string, string>][] = [
      [200, {}],
      [206, { range: 'bytes=0-1' }],
      [304, known],
    ];
    for (const [status, headers] of asked) {
      const answer = await ask(url, `/api/v1/media/${id}`, { token: grant.accessToken, headers });
      assert.equal(answer.status, status);
      checkBrowserHeaders(answer.headers, https, `a file, ${status}`);
      assert.equal(answer.headers.get('cache-control'), 'private, no-cache');
      assert.match(answer.headers.get('vary') ?? '', /Authorization/);
    }
    const stranger = await account(url, 'stranger');
    const refusedFile = await ask(url, `/api/v1/media/${id}`, { token: stranger.grant.accessToken, headers: known });
    assert.equal(refusedFile.status, 404, 'that one has it already opens nothing');

    const stream = new AbortController();
    const as = { authorization: `Bearer ${grant.accessToken}` };
    const events = await fetch(`${url}/api/v1/events`, { headers: as, signal: stream.signal });
    checkBrowserHeaders(events.headers, https, 'the event stream');
    assert.equal(events.headers.get('cache-control'), 'private, no-store, no-transform');
    assert.match(events.headers.get('vary') ?? '', /Authorization/);
    stream.abort();

    const elsewhere = [
      '/',
      '/c/x',
      '/healthz',
      '/readyz',
      '/version',
      '/nothing',
      '/ws',
      '/api/docs',
      '/api/docs/http',
    ];
    const files = ['/api/openapi.json', '/api/docs/swagger/swagger-ui.css', '/api/docs/assets/docs.css'];
    const broken = ['/%ff', '/%zz', '/api/v1/%ff', `/api/v1/users/${'x'.repeat(9_000)}`, '/api/v1/users?token=x'];
    for (const path of [...elsewhere, ...files, ...broken]) {
      for (const method of ['GET', 'POST']) {
        const { headers } = await ask(url, path, { method });
        checkBrowserHeaders(headers, https, `${method} ${path.slice(0, 40)}`);
      }
    }

    // What never becomes a request of the framework: no HTTP at all, heads too large, upgrades that are refused.
    const key = 'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n';
    const upgrade = `Host: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`;
    const raw: [string, string, number][] = [
      ['no HTTP', 'HELLO\r\n\r\n', 400],
      ['two lengths', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
      ['a head too large', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
      ['another method', 'TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 404],
      ['an upgrade elsewhere', `GET /elsewhere HTTP/1.1\r\n${upgrade}${key}\r\n`, 404],
      ['a foreign page', `GET /ws HTTP/1.1\r\n${upgrade}${key}Origin: https://evil.example\r\n\r\n`, 403],
      ['no key', `GET /ws HTTP/1.1\r\n${upgrade}Sec-WebSocket-Version: 13\r\n\r\n`, 400],
      ['another version', `GET /ws HTTP/1.1\r\n${upgrade}${key.replace('13', '9')}\r\n`, 400],
      ['another protocol', `GET /ws HTTP/1.1\r\n${upgrade}${key}Sec-WebSocket-Protocol: mqtt\r\n\r\n`, 400],
    ];
    for (const [what, request, status] of raw) {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.on('error', () => {}); // closed while we still write
      socket.write(request);
      const answer = await text(socket);
      if (!socket.closed) await once(socket, 'close');
      assert.equal(Number(answer.split(' ')[1]), status, `${what}: ${answer}`);
      checkBrowserHeaders(headersOf(answer), https, what);
      assert.equal(headersOf(answer).get('cache-control'), 'private, no-store', what);
      assert.match(headersOf(answer).get('x-carpenter') ?? '', /^\d+\.\d+\.\d+\/[0-9a-f]{8}$/, what);
    }
  });
}
