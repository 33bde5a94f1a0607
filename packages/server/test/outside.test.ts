import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { isPublic } from '../src/outside/addresses.ts';
import { askOutside, type Question } from '../src/outside/ask-outside.ts';
import { judge, NotReached } from '../src/outside/judge.ts';
import { nameServer, webServer } from './outside-world.ts';

const question: Question = {
  method: 'GET',
  headers: { accept: 'text/html' },
  deadlineMs: 2_000,
  redirects: 3,
  maxBytes: 1_000,
};
const refusedFor = (words: RegExp) => (error: unknown) =>
  error instanceof NotReached && error.kind === 'refused' && words.test(error.message);
const failedFor = (words: RegExp) => (error: unknown) =>
  error instanceof NotReached && error.kind === 'failed' && words.test(error.message);
const nothing = (t: TestContext) => nameServer(t, () => []);

test('public addresses are public, and all special ones are not', () => {
  const open = ['1.1.1.1', '8.8.8.8', '93.184.216.34', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'];
  for (const address of open) assert.ok(isPublic(address), address);
  const closed = `0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254
    169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1
    198.19.255.255 198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 168.63.129.16
    :: ::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::808:808
    64:ff9b:1::1 100::1 2001::1 2001:0:7f00:1:: 2001:2::1 2001:db8::1 2002:7f00:1::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254
    fd20:ce::254 fe80::1 fe80::1%lo fec0::1 ff02::1 ff0e::1 4000::1`.split(/\s+/);
  for (const address of closed) assert.ok(!isPublic(address), address);
  for (const none of ['', 'localhost', '127.1', '0x7f000001', '8.8.8.8 ', '08.8.8.8', '8.8.8', '[::1]'])
    assert.ok(!isPublic(none), none);
});

test('every private IPv4 address stays out, however IPv6 wraps it', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const inner = fc.oneof(
    fc.tuple(fc.constantFrom(0, 10, 127), byte, byte, byte),
    fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
    fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
    fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
    fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte, byte),
    fc.tuple(fc.integer({ min: 224, max: 255 }), byte, byte, byte),
  );
  fc.assert(
    fc.property(inner, ([a, b, c, d]) => {
      const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
      assert.ok(!isPublic([a, b, c, d].join('.')));
      for (const wrapped of [`::ffff:${hex}`, `::${hex}`, `64:ff9b::${hex}`, `2002:${hex}::1`, `2001:0:${hex}::`]) {
        assert.ok(!isPublic(wrapped), wrapped);
      }
    }),
  );
});

test('loopback is not asked in any of its spellings, nor by a name that leads there', async t => {
  const canary = await webServer(t, (_, response) => response.end('secret'));
  const { resolver } = await nameServer(t, name => (name === 'mixed.test' ? ['8.8.8.8', '127.0.0.1'] : ['127.0.0.1']));
  const policy = { allowed: [], resolver };
  const spellings = [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.0.0.1',
    '0x7f000001',
    '0177.0.0.01',
    '%31%32%37.0.0.1',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    '127.0.0.1.',
    '0',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[0:0:0:0:0:ffff:7f00:1]',
    '[64:ff9b::127.0.0.1]',
    '[2002:7f00:1::]',
    'leads-home.test',
    'mixed.test',
    'localhost',
    'LOCALHOST.',
  ];
  for (const host of spellings) {
    for (const address of [`http://${host}:${canary.port}/`, `http://${host}/`, `http:\\\\${host}\\`]) {
      await assert.rejects(askOutside(address, question, policy), refusedFor(/public internet/), address);
    }
  }
  assert.deepEqual(canary.asked, []);
});

test('only http and https on their own ports, without a password, and no endless addresses', async t => {
  const { resolver } = await nameServer(t, () => ['8.8.8.8']);
  const policy = { allowed: [], resolver };
  for (const [address, words] of [
    ['ftp://a.test/', /http and https/],
    ['file:///etc/passwd', /http and https/],
    ['gopher://127.0.0.1:6379/_INFO', /http and https/],
    ['data:text/html,x', /http and https/],
    ['http://ana:secret@a.test/', /name or password/],
    ['http://a.test:22/', /ports 80 and 443/],
    ['https://a.test:8443/', /ports 80 and 443/],
    ['http://[fe80::1%25lo]/', /no address/],
    ['http://', /no address/],
    [`http://a.test/${'x'.repeat(2_100)}`, /no address/],
  ] as const) {
    await assert.rejects(judge(address, policy), refusedFor(words), address);
  }
  const { port, addresses } = await judge('https://a.test/page', policy);
  assert.deepEqual([port, addresses], [443, [{ address: '8.8.8.8', family: 4 }]]);
});

test('a name server that changes its mind leads nowhere: its first answer is where the connection goes', async t => {
  const page = await webServer(t, (_, response) => response.end('page'));
  const canary = await webServer(t, (_, response) => response.end('secret'), '127.0.0.2', page.port);
  let times = 0;
  const { resolver, asked } = await nameServer(t, () => (times++ === 0 ? ['127.0.0.1'] : ['127.0.0.2']));
  const policy = { allowed: [page.at], resolver };
  const answer = await askOutside(`http://turns.test:${page.port}/`, question, policy);
  assert.equal(answer.body.toString(), 'page');
  assert.deepEqual(asked, ['turns.test'], 'asked once');
  await assert.rejects(askOutside(`http://turns.test:${page.port}/`, question, policy), refusedFor(/public internet/));
  assert.deepEqual(canary.asked, []);
});

test('each redirect is judged anew, and there is an end to them', async t => {
  const canary = await webServer(t, (_, response) => response.end('secret'));
  const page = await webServer(t, (request, response) => {
    const to = new URL(request.url ?? '', 'http://a').searchParams.get('to');
    if (to === null) return response.end('found');
    return response.writeHead(302, { location: to }).end();
  });
  const { resolver } = await nothing(t);
  const policy = { allowed: [page.at], resolver };
  const found = await askOutside(`${page.url}/?to=/here`, question, policy);
  assert.deepEqual([found.body.toString(), found.url], ['found', `${page.url}/here`]);
  for (const to of [canary.url, `//127.0.0.1:${canary.port}/`, 'http://0x7f.1/', 'http://[::1]/']) {
    const address = `${page.url}/?to=${encodeURIComponent(to)}`;
    await assert.rejects(askOutside(address, question, policy), refusedFor(/public internet/), to);
  }
  await assert.rejects(
    askOutside(`${page.url}/?to=file:///etc/passwd`, question, policy),
    refusedFor(/http and https/),
  );
  const circle = `${page.url}/?to=${encodeURIComponent('?to=%3Fto%3D%253Fto%253D%25253Fto%25253Dx')}`;
  await assert.rejects(askOutside(circle, question, policy), failedFor(/on and on/));
  assert.deepEqual(canary.asked, []);
});

test('an endless, slow or silent answer ends at its limit', async t => {
  const page = await webServer(t, (request, response) => {
    if (request.url === '/silent') return;
    response.writeHead(200, { 'content-type': 'text/html' });
    if (request.url === '/slow') return void response.write('<');
    const more = () => {
      while (response.write('x'.repeat(10_000)));
      response.once('drain', more);
    };
    more();
  });
  const { resolver } = await nameServer(t, () => undefined);
  const policy = { allowed: [page.at], resolver };
  const endless = await askOutside(`${page.url}/endless`, question, policy);
  assert.deepEqual([endless.body.length, endless.cut], [1_000, true]);
  const short = { ...question, deadlineMs: 300 };
  for (const address of [`${page.url}/slow`, `${page.url}/silent`]) {
    await assert.rejects(askOutside(address, short, policy), failedFor(/too long/), address);
  }
  const unknown = askOutside('http://nobody.test/', { ...question, deadlineMs: 100 }, policy);
  await assert.rejects(unknown, failedFor(/too long|not known/));
  const unwanted = await askOutside(`${page.url}/endless`, { ...question, wanted: () => false }, policy);
  assert.equal(unwanted.body.length, 0);
});

test('what unfolds is not unfolded, a head without end is not read, and a trickle ends with its time', async t => {
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  const page = await webServer(t, (request, response) => {
    const type = { 'content-type': 'text/html' };
    if (request.url === '/bomb') return response.writeHead(200, { ...type, 'content-encoding': 'gzip' }).end(bomb);
    if (request.url === '/head') return response.writeHead(200, { ...type, 'x-long': 'x'.repeat(20_000) }).end();
    if (request.url === '/heads')
      return response
        .writeHead(200, Object.fromEntries(Array.from({ length: 1_500 }, (_, i) => [`x-${i}`, 'xxxxxxxx'])))
        .end();
    if (request.url === '/liar') return response.writeHead(200, { ...type, 'content-length': '5' }).end('abcde');
    response.writeHead(200, type);
    const trickle = setInterval(() => response.write('x'), 20);
    return response.once('close', () => clearInterval(trickle));
  });
  const { resolver } = await nothing(t);
  const policy = { allowed: [page.at], resolver };
  const before = process.memoryUsage().rss;
  const cut = await askOutside(`${page.url}/bomb`, question, policy);
  assert.deepEqual(cut.body, bomb.subarray(0, 1_000), 'bytes as they came');
  assert.ok(process.memoryUsage().rss - before < 40_000_000);
  assert.equal((await askOutside(`${page.url}/liar`, question, policy)).body.toString(), 'abcde');
  for (const path of ['/head', '/heads'])
    await assert.rejects(askOutside(`${page.url}${path}`, question, policy), failedFor(/HPE_HEADER_OVERFLOW/), path);
  await assert.rejects(
    askOutside(`${page.url}/trickle`, { ...question, deadlineMs: 300 }, policy),
    failedFor(/too long/),
  );
});
