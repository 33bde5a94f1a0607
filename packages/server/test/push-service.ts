import assert from 'node:assert/strict';
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import type { TestContext } from 'node:test';
import { api, type Id } from '@carpenter/protocol';
import { webServer } from './outside-world.ts';
import type { Person } from './people.ts';

/** What a service worker would be told. */
export interface Heard {
  readonly [key: string]: unknown;
}

/** A browser that takes pushes: its keys, and how it opens what comes (RFC 8291, RFC 8188). */
export function browserKeys() {
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  const auth = randomBytes(16);
  return {
    keys: { p256dh: ecdh.getPublicKey('base64url'), auth: auth.toString('base64url') },
    open(body: Buffer): Heard {
      const salt = body.subarray(0, 16);
      const sender = body.subarray(21, 21 + body.readUInt8(20));
      const info = Buffer.concat([Buffer.from('WebPush: info\0'), ecdh.getPublicKey(), sender]);
      const ikm = Buffer.from(hkdfSync('sha256', ecdh.computeSecret(sender), auth, info, 32));
      const key = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: aes128gcm\0', 16));
      const nonce = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: nonce\0', 12));
      const sealed = body.subarray(21 + sender.length);
      const decipher = createDecipheriv('aes-128-gcm', key, nonce);
      decipher.setAuthTag(sealed.subarray(-16));
      const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
      return JSON.parse(padded.toString('utf8', 0, padded.lastIndexOf(2))); // behind 2 there is padding
    },
  };
}

/** Whether a push is signed by this server (VAPID, RFC 8292). */
export function signedBy(authorization: string, serverKey: string): boolean {
  const [, token = '', key = ''] = /^vapid t=([^,]+), k=(.+)$/.exec(authorization) ?? [];
  const [head = '', body = '', signature = ''] = token.split('.');
  const raw = Buffer.from(key, 'base64url');
  const jwk = { kty: 'EC', crv: 'P-256', x: raw.toString('base64url', 1, 33), y: raw.toString('base64url', 33) };
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  const good = { key: publicKey, dsaEncoding: 'ieee-p1363' as const };
  return (
    key === serverKey && verify('sha256', Buffer.from(`${head}.${body}`), good, Buffer.from(signature, 'base64url'))
  );
}

interface Received {
  readonly path: string;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
}

/** A push service on this machine. `answer` gives the status of each push; 201 takes it. */
export async function pushService(t: TestContext, answer: (path: string) => number = () => 201) {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  const server = await webServer(t, (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', part => parts.push(part));
    request.on('end', () => {
      const path = request.url ?? '';
      received.push({ path, headers: request.headers, body: Buffer.concat(parts) });
      response.writeHead(answer(path)).end();
      for (const look of waiting) look();
    });
  });
  return {
    ...server,
    received,
    /** Waits until so many pushes have come. */
    async until(count: number): Promise<void> {
      while (received.length < count) {
        const { promise, resolve, reject } = Promise.withResolvers<void>();
        const timer = setTimeout(() => reject(new Error(`${received.length} of ${count} pushes came`)), 20_000);
        waiting.add(resolve);
        await promise.finally(() => clearTimeout(timer));
        waiting.delete(resolve);
      }
    },
  };
}

/** Asks until it holds: what happens after a message happens beside whoever waits for it. */
export async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    assert.ok(Date.now() < end, `it did not come: ${JSON.stringify(value)}`);
    await new Promise(resolve => setTimeout(resolve, 25));
  }
}

/** Whom a message of the sender's could not be pushed to. */
export const deliveriesOf = async (sender: Person, room: Id, seq: number) =>
  api.messageDeliveries.answers[200].parse(
    (await sender.http('GET', `/conversations/${room}/messages/${seq}/deliveries`)).body,
  ).deliveries;

/** A browser of somebody that takes pushes at this endpoint from now on. */
export async function subscribe(person: Person, endpoint: string) {
  const browser = browserKeys();
  const { status, body } = await person.http('PUT', '/push/devices', { endpoint, keys: browser.keys });
  assert.equal(status, 200, JSON.stringify(body));
  return { ...browser, id: String(body.id) };
}
