import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { closes, type Event, type EventOf, event, fixed, retryAfterOf } from '@carpenter/protocol';

/** The kinds of WebSocket frames (RFC 6455, 5.2). */
export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** How a frame is to be made; what is left out is as it should be. */
export interface Shape {
  readonly fin?: boolean;
  /** The three reserved bits, 0 to 7. */
  readonly rsv?: number;
  /** Four bytes, or none, which no client may do. */
  readonly mask?: readonly number[] | 'none';
  /** A length that is said and not kept. */
  readonly says?: bigint;
}

/** A frame of a client, as right or as wrong as one likes. */
export function frame(kind: number, payload: string | Uint8Array = '', shape: Shape = {}): Buffer {
  const { fin = true, rsv = 0, mask = [0x1a, 0x2b, 0x3c, 0x4d], says } = shape;
  const body = Buffer.from(payload);
  const length = says ?? BigInt(body.length);
  const masked = mask === 'none' ? 0 : 0x80;
  const first = (fin ? 0x80 : 0) | (rsv << 4) | kind;
  const head: number[] = [first];
  if (length < 126n) head.push(masked | Number(length));
  else if (length < 65_536n) head.push(masked | 126, Number(length >> 8n), Number(length & 0xffn));
  else head.push(masked | 127, ...Array.from({ length: 8 }, (_, i) => Number((length >> BigInt(8 * (7 - i))) & 0xffn)));
  if (mask === 'none') return Buffer.concat([Buffer.from(head), body]);
  for (let i = 0; i < body.length; i++) body[i] = (body[i] ?? 0) ^ (mask[i % 4] ?? 0);
  return Buffer.concat([Buffer.from([...head, ...mask]), body]);
}

export const text = (value: object): Buffer => frame(opcode.text, JSON.stringify(value));
export const closeFrame = (code: number, reason: string | Uint8Array = ''): Buffer =>
  frame(opcode.close, Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]));

export interface Heard {
  readonly kind: number;
  readonly payload: Buffer;
}
/** How a server ended a connection. */
export interface End {
  /** Of the close frame; undefined: there was none. */
  readonly code: number | undefined;
  readonly reason: string;
  /** The event before it. */
  readonly closing: EventOf<'closing'> | undefined;
}

/** A WebSocket spoken byte by byte. */
export interface RawSocket {
  readonly socket: Socket;
  /** Every frame that came, in order. */
  readonly heard: readonly Heard[];
  events(): Event[];
  /** Every frame since the last time, to be forgotten here. */
  take(): Heard[];
  send(...bytes: Uint8Array[]): void;
  /** Waits until a frame like this has come. */
  until(found: (heard: Heard) => boolean, what: string): Promise<Heard>;
  /** Waits for the end of the connection, answering a close as every client does. */
  end(): Promise<End>;
}

const patienceMs = 20_000;
const key = Buffer.from('0123456789abcdef').toString('base64');

export const handshake = (token?: string, more = ''): string =>
  `GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n` +
  `Sec-WebSocket-Protocol: ${fixed.subprotocol}\r\n${token === undefined ? '' : `Authorization: Bearer ${token}\r\n`}${more}\r\n`;

/** Opens one; with a token it is live when this resolves. Whom a busy node sends away comes back after the wait named. */
export async function openRaw(t: TestContext, port: number, token?: string): Promise<RawSocket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  t.after(() => socket.destroy());
  const raw = speak(socket);
  socket.write(handshake(token));
  if (token === undefined) {
    await once(socket, 'data');
    return raw;
  }
  const first = await raw.until(({ kind }) => kind === opcode.text, 'a first word');
  if (first.payload.includes('"ready"')) return raw;
  const { code, reason } = await raw.end();
  assert.equal(code, closes.overloaded.code, reason);
  await new Promise(resolve => setTimeout(resolve, retryAfterOf(reason)));
  return openRaw(t, port, token);
}

function speak(socket: Socket): RawSocket {
  const heard: Heard[] = [];
  const looks = new Set<() => void>();
  let rest = Buffer.alloc(0);
  let upgraded = false;
  const ended = new Promise<void>(resolve => socket.once('close', resolve));
  socket.on('error', () => {}); // the end that follows is what tests look at
  socket.on('data', chunk => {
    rest = Buffer.concat([rest, chunk]);
    if (!upgraded) {
      const at = rest.indexOf('\r\n\r\n');
      if (at < 0) return;
      assert.match(rest.subarray(0, at).toString(), /^HTTP\/1\.1 101/);
      upgraded = true;
      rest = rest.subarray(at + 4);
    }
    for (let next = readFrame(rest); next; next = readFrame(rest)) {
      heard.push(next.heard);
      if (next.heard.kind === opcode.close) socket.write(frame(opcode.close, next.heard.payload));
      rest = rest.subarray(next.length);
    }
    for (const look of looks) look();
  });

  const events = () =>
    heard.filter(({ kind }) => kind === opcode.text).map(({ payload }) => event.parse(JSON.parse(payload.toString())));

  return {
    socket,
    heard,
    events,
    take: () => heard.splice(0),
    send: (...bytes) => void socket.write(Buffer.concat(bytes)),
    until(found, what) {
      const { promise, resolve, reject } = Promise.withResolvers<Heard>();
      const seen = () => heard.map(h => `${h.kind} ${h.payload.subarray(0, 80)}`).join('\n');
      const stop = (done: () => void) => {
        looks.delete(look);
        clearTimeout(timer);
        done();
      };
      const look = () => {
        const one = heard.find(found);
        if (one) stop(() => resolve(one));
      };
      const timer = setTimeout(
        () => stop(() => reject(new Error(`${what} did not come; heard:\n${seen()}`))),
        patienceMs,
      );
      void ended.then(() => stop(() => reject(new Error(`${what} did not come before the end; heard:\n${seen()}`))));
      looks.add(look);
      look();
      return promise;
    },
    async end() {
      const late = setTimeout(() => socket.destroy(), patienceMs);
      await ended;
      clearTimeout(late);
      const close = heard.find(({ kind }) => kind === opcode.close)?.payload;
      const closing = events().find(e => e.type === 'closing');
      return {
        code: close && (close.length < 2 ? 1005 : close.readUInt16BE(0)),
        reason: close?.subarray(2).toString() ?? '',
        closing,
      };
    },
  };
}

/** Servers mask nothing. */
function readFrame(bytes: Buffer): { heard: Heard; length: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1);
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < head) return undefined;
  const size = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < head + size) return undefined;
  const kind = bytes.readUInt8(0) & 0x0f;
  return { heard: { kind, payload: Buffer.from(bytes.subarray(head, head + size)) }, length: head + size };
}
