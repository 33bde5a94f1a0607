import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type CloseName, closes } from '@carpenter/protocol';
import { defaults } from '../../src/config.ts';
import { house } from '../house.ts';
import { account, group, type Person } from '../people.ts';
import { houseApart } from './apart.ts';
import { type Bystanders, talking } from './bystanders.ts';
import { closeFrame, frame, type Heard, handshake, opcode, openRaw, type RawSocket, type Shape, text } from './raw.ts';

// RFC 6455 byte by byte, in the groups of the Autobahn test suite. Each offence gets a connection of its own; what follows the
// offence is a message that must never be stored, and two people in the same conversation talk on and notice nothing.

const maxBytes = defaults.limits.frameMaxBytes;

interface Scene {
  readonly t: TestContext;
  readonly port: number;
  readonly eve: Person;
  readonly room: string;
  readonly bystanders: Bystanders;
}

const rates = { ...defaults.rates, framesPerMinute: 100_000, requestsPerMinute: 1e6 };

async function scene(t: TestContext): Promise<Scene> {
  const { url, port } = await house(t, { rates });
  const [ana, ben, eve] = [await account(url, 'ana'), await account(url, 'ben'), await account(url, 'eve')];
  const room = await group(ana, [ben, eve]);
  return { t, port, eve, room, bystanders: await talking(t, ana, ben, room) };
}

const open = ({ t, port, eve }: Scene): Promise<RawSocket> => openRaw(t, port, eve.grant.accessToken);

/** A message that nobody may ever see, since it comes after the end. */
const tooLate = ({ room }: Scene): Buffer =>
  text({ type: 'message.send', conversationId: room, clientId: randomUUID(), text: 'too late' });

/** Sends this, and what must stay unread, on a connection of its own. */
async function offend(s: Scene, what: string, expected: CloseName, ...bytes: Uint8Array[]): Promise<void> {
  const raw = await open(s);
  raw.send(...bytes, tooLate(s));
  raw.send(tooLate(s));
  const end = await raw.end();
  const { code, words } = closes[expected];
  assert.deepEqual([end.code, end.reason], [code, words], what);
  assert.deepEqual([end.closing?.code, end.closing?.message], [code, words], `${what}: the last event says it, too`);
  assert.ok(!raw.events().some(e => e.type === 'ack'), `${what}: what came later was read`);
}

/** All is well on this connection: it answers a ping of ours. */
async function answers(raw: RawSocket, what: string): Promise<void> {
  const ref = randomUUID();
  raw.send(text({ type: 'ping', ref }));
  await raw.until(pongTo(ref), `the answer after ${what}`);
}
const pongTo =
  (ref: string) =>
  ({ kind, payload }: Heard) =>
    kind === opcode.text && payload.includes(ref);

/** The bystanders heard each other and nobody else. */
async function undisturbed({ bystanders }: Scene): Promise<void> {
  const { messages, others } = await bystanders.silent();
  assert.ok(messages > 0);
  assert.deepEqual(others, [], 'a message after the offence was stored');
}

/** A `ping` of ours that has so many bytes. */
function sized(bytes: number, ref: string): string {
  const bare = JSON.stringify({ type: 'ping', ref, pad: '' });
  return bare.replace('""', `"${'x'.repeat(bytes - bare.length)}"`);
}

test('frames 1: text of every length around the borders of the length field is read, however it is cut on its way', async t => {
  const s = await scene(t);
  const raw = await open(s);
  for (const bytes of [125, 126, 127, 128, 65_535, maxBytes]) {
    const ref = randomUUID();
    raw.send(frame(opcode.text, sized(bytes, ref)));
    await raw.until(pongTo(ref), `the answer to ${bytes} bytes`);
  }
  const cut = async (bytes: Buffer, ref: string, size: number) => {
    for (let at = 0; at < bytes.length; at += size) {
      raw.socket.write(bytes.subarray(at, at + size));
      await new Promise(setImmediate);
    }
    await raw.until(pongTo(ref), `the answer to a frame that came ${size} bytes at a time`);
  };
  await cut(frame(opcode.text, sized(200, 'bytewise')), 'bytewise', 1);
  await cut(frame(opcode.text, sized(65_535, 'in pieces')), 'in pieces', 997);
  raw.send(frame(opcode.text, sized(200, 'no mask to speak of'), { mask: [0, 0, 0, 0] }));
  await raw.until(pongTo('no mask to speak of'), 'the answer to a mask of zeros');
  await undisturbed(s);
});

test('promise 6: frames 1: binary, unmasked, empty: each ends in its code and words', async t => {
  const s = await scene(t);
  await offend(s, 'a binary frame', 'binaryFrame', frame(opcode.binary, '{"type":"ping"}'));
  await offend(s, 'an empty binary frame', 'binaryFrame', frame(opcode.binary));
  for (const [name, kind] of Object.entries(opcode)) {
    await offend(s, `unmasked: ${name}`, 'brokenFraming', frame(kind, '{}', { mask: 'none' }));
  }
  const raw = await open(s);
  raw.send(frame(opcode.text));
  await raw.until(({ payload }) => payload.includes('frame.malformed'), 'the refusal of an empty text');
  await answers(raw, 'an empty text');
  await undisturbed(s);
});

test('promise 6: frames 2: pings are answered with what they brought, up to 125 bytes; pongs that nobody asked for are let be', async t => {
  const s = await scene(t);
  const raw = await open(s);
  const pings = ['', 'hello', Buffer.from([0, 0xff, 0xfe, 0xfd, 0, 0xff]), Buffer.alloc(125, 0xfe)];
  for (const payload of pings) raw.send(frame(opcode.pong, 'unasked'), frame(opcode.ping, payload));
  for (const byte of frame(opcode.ping, 'bytewise')) {
    raw.socket.write(Buffer.from([byte]));
    await new Promise(setImmediate);
  }
  await answers(raw, 'pings');
  const pongs = raw.heard.filter(({ kind }) => kind === opcode.pong).map(({ payload }) => payload.toString('hex'));
  assert.deepEqual(
    pongs,
    [...pings, 'bytewise'].map(sent => Buffer.from(sent).toString('hex')),
  );
  await offend(s, 'a ping of 126 bytes', 'brokenFraming', frame(opcode.ping, Buffer.alloc(126)));
  await offend(s, 'a pong of 126 bytes', 'brokenFraming', frame(opcode.pong, Buffer.alloc(126)));
  await undisturbed(s);
});

test('promise 6: frames 3 and 4: reserved bits and reserved kinds of frames end in 1002, also after good frames', async t => {
  const s = await scene(t);
  for (const rsv of [1, 2, 3, 4, 5, 6, 7]) {
    for (const kind of [opcode.text, opcode.ping, opcode.close]) {
      await offend(s, `bits ${rsv} on ${kind}`, 'brokenFraming', text({ type: 'ping' }), frame(kind, '', { rsv }));
    }
  }
  for (const kind of [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) {
    await offend(s, `kind ${kind}`, 'brokenFraming', frame(kind));
    await offend(s, `kind ${kind} with something in it`, 'brokenFraming', text({ type: 'ping' }), frame(kind, '{}'));
  }
  await undisturbed(s);
});

test('promise 6: frames 5: fragments make one message, pings may come between; all else between them ends in 1002', async t => {
  const s = await scene(t);
  const raw = await open(s);
  const first = (payload: string | Uint8Array, shape: Shape = {}) =>
    frame(opcode.text, payload, { fin: false, ...shape });
  const next = (payload: string | Uint8Array, fin = false) => frame(opcode.continuation, payload, { fin });
  const whole = sized(100, 'in two');
  raw.send(first(whole.slice(0, 50)), frame(opcode.ping, 'between'), next(whole.slice(50), true));
  await raw.until(pongTo('in two'), 'the answer to two fragments');
  assert.ok(raw.heard.some(({ kind, payload }) => kind === opcode.pong && payload.toString() === 'between'));
  raw.send(first(''), ...[...sized(100, 'letters')].map(letter => next(letter)), next('', true));
  await raw.until(pongTo('letters'), 'the answer to a fragment a letter');

  await offend(s, 'a ping in fragments', 'brokenFraming', frame(opcode.ping, 'a', { fin: false }), next('b', true));
  await offend(s, 'a pong in fragments', 'brokenFraming', frame(opcode.pong, 'a', { fin: false }), next('b', true));
  await offend(s, 'a close in fragments', 'brokenFraming', frame(opcode.close, '', { fin: false }));
  await offend(s, 'nothing to continue', 'brokenFraming', next('{}', true));
  await offend(s, 'nothing to continue, and more to come', 'brokenFraming', next('{}'));
  await offend(s, 'nothing to continue any more', 'brokenFraming', first('{}'), next('', true), next('{}', true));
  await offend(s, 'a new text before the end', 'brokenFraming', first('{'), text({ type: 'ping' }));
  await offend(s, 'a binary frame before the end', 'brokenFraming', first('{'), frame(opcode.binary, '}'));
  await offend(
    s,
    'reserved bits on what continues',
    'brokenFraming',
    first('{'),
    frame(opcode.continuation, '}', { rsv: 4 }),
  );
  await offend(
    s,
    'fragments without end',
    'tooManyFragments',
    first(''),
    ...Array.from({ length: 300 }, () => next('')),
  );
  await undisturbed(s);
});

const inText = (bytes: readonly number[]): Buffer =>
  Buffer.concat([Buffer.from('{"type":"ping","pad":"'), Buffer.from(bytes), Buffer.from('"}')]);

const broken: Record<string, number[]> = {
  'a lone continuation byte': [0x80],
  'a sequence that ends too early': [0xce],
  'a sequence of three that ends too early': [0xe2, 0x82],
  'a sequence of four that ends too early': [0xf0, 0x9f, 0x98],
  'another byte in place of the second': [0xc3, 0x28],
  'a slash in two bytes': [0xc0, 0xaf],
  'NUL in two bytes': [0xc0, 0x80],
  'a slash in three bytes': [0xe0, 0x80, 0xaf],
  'a slash in four bytes': [0xf0, 0x80, 0x80, 0xaf],
  'half of a surrogate pair': [0xed, 0xa0, 0x80],
  'both halves of one': [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
  'beyond the last code point': [0xf4, 0x90, 0x80, 0x80],
  'five bytes': [0xf8, 0x88, 0x80, 0x80, 0x80],
  'FE and FF': [0xfe, 0xff],
};

test('promise 6: frames 6: UTF-8 that is none ends in 1007, wherever it is cut; what is one is read', async t => {
  const s = await scene(t);
  const raw = await open(s);
  for (const good of [
    'κόσμε',
    '\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}',
    '\ufffe\ufdd0',
    'é👩‍👩‍👧',
    '\u200b\u202e',
  ]) {
    const length = Buffer.byteLength(JSON.stringify({ type: 'ping', ref: randomUUID(), pad: good }));
    for (let cut = 1; cut < length; cut += 13) {
      const ref = randomUUID();
      const bytes = Buffer.from(JSON.stringify({ type: 'ping', ref, pad: good }));
      raw.send(
        frame(opcode.text, bytes.subarray(0, cut), { fin: false }),
        frame(opcode.continuation, bytes.subarray(cut)),
      );
      await raw.until(pongTo(ref), `the answer to ${good}, cut at ${cut}`);
    }
  }
  for (const [what, bytes] of Object.entries(broken)) {
    const payload = inText(bytes);
    await offend(s, what, 'invalidUtf8', frame(opcode.text, payload));
    const within = payload.indexOf(bytes[0] ?? 0) + Math.ceil(bytes.length / 2);
    const begin = frame(opcode.text, payload.subarray(0, within), { fin: false });
    await offend(
      s,
      `${what}, in two fragments`,
      'invalidUtf8',
      begin,
      frame(opcode.continuation, payload.subarray(within)),
    );
  }
  await undisturbed(s);
});

test('frames 7: whoever closes hears their own code again and no word of ours, whatever comes after it', async t => {
  const s = await scene(t);
  for (const code of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 3999, 4000, 4401, 4999]) {
    for (const reason of ['', 'because', 'é'.repeat(61)]) {
      const raw = await open(s);
      raw.send(closeFrame(code, reason), closeFrame(1000), frame(opcode.ping, 'x'), tooLate(s));
      const end = await raw.end();
      assert.deepEqual([end.code, end.reason, end.closing], [code, reason, undefined], `${code} ${reason}`);
      assert.ok(!raw.heard.some(({ kind }) => kind === opcode.pong), 'a ping after the end was answered');
    }
  }
  const raw = await open(s);
  raw.send(frame(opcode.close), tooLate(s));
  assert.equal((await raw.end()).code, 1005, 'a close without a code is answered without one');
  await undisturbed(s);
});

test('promise 6: frames 7: a close that is not allowed ends in 1002, one with broken UTF-8 in 1007', async t => {
  const s = await scene(t);
  for (const code of [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535]) {
    await offend(s, `code ${code}`, 'brokenFraming', closeFrame(code));
  }
  await offend(s, 'a close of one byte', 'brokenFraming', frame(opcode.close, 'x'));
  await offend(s, 'a close of 126 bytes', 'brokenFraming', closeFrame(1000, 'x'.repeat(124)));
  for (const [what, bytes] of Object.entries(broken)) {
    await offend(s, `in the reason: ${what}`, 'invalidUtf8', closeFrame(1000, Buffer.from(bytes)));
  }
  await undisturbed(s);
});

test('promise 6: frames 9: one byte more than the limit ends in 1009, all fragments together, and so does one whose length is only said', async t => {
  const s = await scene(t);
  await offend(s, 'one byte too long', 'tooLong', frame(opcode.text, sized(maxBytes + 1, 'x')));
  const long = sized(maxBytes + 1, 'x');
  const halves = [long.slice(0, 40_000), long.slice(40_000)] as const;
  const [one, other] = [frame(opcode.text, halves[0], { fin: false }), frame(opcode.continuation, halves[1])];
  await offend(s, 'one byte too long in two fragments', 'tooLong', one, other);
  const raw = await open(s);
  const exact = sized(maxBytes, 'exactly');
  raw.send(frame(opcode.text, exact.slice(0, 40_000), { fin: false }), frame(opcode.continuation, exact.slice(40_000)));
  await raw.until(pongTo('exactly'), 'the answer to fragments of exactly the limit');
  for (const says of [
    2n ** 62n,
    2n ** 63n,
    2n ** 64n - 1n,
    2n ** 53n,
    2n ** 53n - 1n,
    2n ** 32n,
    2n ** 31n - 1n,
    65_537n,
  ]) {
    for (let i = 0; i < 4; i++) await offend(s, `${says} bytes announced`, 'tooLong', frame(opcode.text, '', { says }));
  }
  await undisturbed(s);
});

test('frames 9: a length that is only said costs no memory, whether it is allowed or not', async t => {
  const { url, port, uses } = await houseApart(t, { rates });
  const eve = await account(url, 'eve');
  const announce = async (says: bigint, ...before: Buffer[]) => {
    const raw = await openRaw(t, port, eve.grant.accessToken);
    raw.send(...before, frame(opcode.text, '', { says }));
    return raw;
  };
  const wait = async () => {
    const ref = randomUUID();
    const raw = await announce(BigInt(maxBytes), text({ type: 'ping', ref }));
    await raw.until(pongTo(ref), 'the answer to what came in the same breath');
    return raw;
  };
  const announceAll = async (count: number) => {
    const waiting = await Promise.all(Array.from({ length: count }, wait));
    for (const says of [2n ** 62n, 2n ** 53n - 1n, 2n ** 31n - 1n]) {
      assert.equal((await (await announce(says)).end()).code, closes.tooLong.code);
    }
    return waiting;
  };
  for (const { socket } of await announceAll(20)) socket.destroy(); // so that all code has been run once
  const before = await uses();
  await announceAll(60); // 4 MB
  const after = await uses();
  const grown = after.external - before.external;
  assert.ok(grown < 1e6, `${grown} bytes outside of the heap`);
  assert.ok(after.rss - before.rss < 20e6, `RSS ${before.rss} → ${after.rss}`);
});

test('handshakes: version 13 and no other, and who offers compression is not taken at their word', async t => {
  const { port } = await house(t);
  const answerTo = async (head: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1').setEncoding('latin1');
    t.after(() => socket.destroy());
    socket.write(head);
    const [answer] = await once(socket, 'data');
    return String(answer);
  };
  for (const version of ['8', '7', '0', '14', '13, 8', '']) {
    const answer = await answerTo(handshake().replace('Version: 13', `Version: ${version}`));
    assert.match(answer, /^HTTP\/1\.1 400 [\s\S]*"code":"upgrade\.invalid"/, version);
    assert.match(answer, /\r\nSec-WebSocket-Version: 13\r\n/i, `${version}: it says which`);
  }
  const offer = 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x-webkit-deflate-frame\r\n';
  const answer = await answerTo(handshake(undefined, offer));
  assert.match(answer, /^HTTP\/1\.1 101 /);
  assert.doesNotMatch(answer, /extensions/i);
});
