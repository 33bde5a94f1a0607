import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { addressKey, addressOf } from '../src/http/address.ts';
import { deviceOf } from '../src/http/device.ts';
import { hostFault, isOurs } from '../src/http/origin.ts';
import { ask } from './ask.ts';

test('whoever has one address of an IPv6 network has all of it: they count as one', () => {
  const keys = [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2:ffff:0:0:1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0db8::1:2:3:4', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', 'unknown'],
  ];
  for (const [address = '', key] of keys) assert.equal(addressKey(address), key, address);
});

test('of X-Forwarded-For only what our own proxies wrote is believed', async t => {
  let hops = 0;
  const server = createServer((request, response) =>
    response.end(JSON.stringify({ address: addressOf(request, hops) })),
  );
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  const told = async (forwarded: string, trusted: number) => {
    hops = trusted;
    return (await ask(`http://127.0.0.1:${address.port}`, '/', { headers: { 'x-forwarded-for': forwarded } })).json()
      .address;
  };
  assert.equal(await told('192.0.2.1', 0), '127.0.0.1');
  assert.equal(await told('192.0.2.1', 1), '192.0.2.1');
  assert.equal(await told('198.51.100.1, 192.0.2.1', 1), '192.0.2.1');
  assert.equal(await told('203.0.113.1, 198.51.100.1, 192.0.2.1', 2), '198.51.100.1');
  assert.equal(await told('192.0.2.1', 2), '192.0.2.1');
  assert.equal(await told('made up', 1), '127.0.0.1');
  assert.equal(await told('', 1), '127.0.0.1');
});

test('a page is ours when its whole origin is, not when it only looks so', () => {
  const allowed = ['https://friend.example'];
  const judged: [origin: string | undefined, host: string | undefined, ours: boolean][] = [
    ['http://chat.example', 'chat.example', true],
    ['https://chat.example', 'chat.example', true], // a proxy took TLS off
    ['https://chat.example', 'chat.example:443', true],
    ['http://localhost:3000', 'localhost:3000', true],
    ['http://[::1]:3000', '[::1]:3000', true],
    ['https://friend.example', 'chat.example', true],
    ['http://friend.example', 'chat.example', false],
    ['https://friend.example:444', 'chat.example', false],
    ['https://friend.example.evil.example', 'chat.example', false],
    ['https://evilfriend.example', 'chat.example', false],
    ['http://localhost:3001', 'localhost:3000', false],
    ['http://sub.chat.example', 'chat.example', false],
    ['http://chat.example.', 'chat.example', false],
    ['null', 'chat.example', false],
    ['null', 'null', false],
    ['file://', 'chat.example', false],
    ['', 'chat.example', false],
    ['*', 'chat.example', false],
    [undefined, 'chat.example', false],
    ['http://chat.example', undefined, false],
    ['http://chat.example', 'chat example', false],
  ];
  for (const [origin, host, ours] of judged)
    assert.equal(isOurs({ origin, host }, allowed), ours, `${origin} at ${host}`);
});

test('a server of this machine alone goes by no name that somebody else could give it, with a public address neither', () => {
  const here = { host: '127.0.0.1' };
  const behindProxy = { ...here, publicUrl: 'https://chat.example' };
  const goes = (host: string | undefined, config: { host: string; publicUrl?: string }) => {
    const fault = hostFault(host, config);
    assert.ok(fault === undefined || fault.code === 'host.unknown');
    return fault === undefined;
  };
  const ours = ['localhost:3000', '127.0.0.1:3000', '[::1]:3000', '10.0.0.5', 'chat.localhost', undefined];
  const foreign = [
    'rebound.example:3000',
    'localhost.rebound.example',
    'chat.example.rebound.example',
    'notlocalhost',
    '127.0.0.1.rebound.example',
    'rebound.example@localhost',
    'localhost/rebound.example',
    'a b',
  ];
  for (const config of [here, behindProxy]) {
    for (const name of ours) assert.ok(goes(name, config), name);
    for (const name of foreign) assert.ok(!goes(name, config), name);
  }
  assert.ok(goes('chat.example', { host: '0.0.0.0' }), 'open to a network');
  for (const name of ['chat.example', 'chat.example:443', 'CHAT.example']) assert.ok(goes(name, behindProxy), name);
  assert.ok(!goes('chat.example', here));
});

test('devices have names that people know', () => {
  const names = [
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Windows'],
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
      'Chrome on Linux',
    ],
    [
      'Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36',
      'Chrome on Android',
    ],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 Version/26.0 Safari/605.1', 'Safari on macOS'],
    ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0', 'Edge on Windows'],
    ['carpenter-bot/1.2 (+https://example.org)', 'carpenter-bot/1.2'],
    ['curl/8.10.1', 'curl/8.10.1'],
    [undefined, 'Unknown device'],
    ['\u202e<script>', 'Unknown device'],
    ['x'.repeat(10_000), 'x'.repeat(40)],
  ];
  for (const [agent, name] of names) assert.equal(deviceOf(agent), name);
});
