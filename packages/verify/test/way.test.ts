import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import { createDelay } from '../src/world/delay.ts';
import { openWay } from '../src/world/way.ts';

/** A server that keeps whom it has, and a way to it. */
async function setting(t: TestContext) {
  const there: Socket[] = [];
  const server = createServer(socket => there.push(socket.on('error', () => {}))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  const way = await openWay('c1', { host: '127.0.0.1', port: address.port });
  t.after(() => {
    way.close();
    server.close();
    for (const socket of there) socket.destroy();
  });
  async function join(): Promise<{ near: Socket; far: Socket }> {
    const near = connect(Number(new URL(way.url).port), '127.0.0.1').on('error', () => {});
    t.after(() => near.destroy());
    const [[far]] = await Promise.all([once(server, 'connection'), once(near, 'connect')]);
    assert.ok(far);
    return { near, far };
  }
  return { way, join };
}

const gone = (socket: Socket) => new Promise(resolve => socket.once('close', resolve));

/** Reads until `bytes` have come. */
async function reads(socket: Socket, bytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let length = 0; length < bytes; ) {
    const [part] = await once(socket, 'data', { signal: AbortSignal.timeout(10_000) });
    parts.push(part);
    length += part.length;
  }
  return Buffer.concat(parts);
}

test('what goes in on one side of a way comes out on the other, both ways', async t => {
  const { join } = await setting(t);
  const { near, far } = await join();
  near.write('there');
  assert.equal(String(await reads(far, 5)), 'there');
  far.write('and back');
  assert.equal(String(await reads(near, 8)), 'and back');
  near.end();
  await once(far.resume(), 'end');
});

test('a way that is cut ends what is open and lets nobody through until it is mended', async t => {
  const { way, join } = await setting(t);
  const { near, far } = await join();
  const ends = Promise.all([gone(near), gone(far)]);
  way.cut();
  await ends;
  const late = connect(Number(new URL(way.url).port), '127.0.0.1').on('error', () => {});
  await gone(late);
  way.heal();
  await join();
});

test('over a throttled way what comes from the node takes its time, nothing is lost, and what goes there is not slower', async t => {
  const { way, join } = await setting(t);
  const { near, far } = await join();
  way.throttle(0);
  far.write(Buffer.alloc(300_000, 'x'));
  near.write('quick');
  assert.equal(String(await reads(far, 5)), 'quick');
  const free = await setting(t);
  const passing = await free.join();
  passing.far.write('meanwhile');
  await reads(passing.near, 9);
  assert.equal(near.bytesRead, 0);
  way.throttle(200_000);
  const began = performance.now();
  await reads(near, 200_000);
  assert.ok(performance.now() - began > 300);
  way.heal();
});

test('over a way round the world everything takes longer, in its order, also while it becomes short again', async t => {
  const { way, join } = await setting(t);
  const { near, far } = await join();
  way.delay(300);
  const began = performance.now();
  near.write('out ');
  far.write('back ');
  assert.equal(String(await reads(far, 4)), 'out ');
  assert.equal(String(await reads(near, 5)), 'back ');
  assert.ok(performance.now() - began >= 290);
});

test('what is under way over a long link is not overtaken when the link becomes short', async () => {
  const delay = createDelay();
  const came: string[] = [];
  delay.set(50);
  delay.pass(() => came.push('first'));
  delay.set(0);
  await new Promise<void>(resolve => {
    delay.pass(() => {
      came.push('second');
      resolve();
    });
  });
  assert.deepEqual(came, ['first', 'second']);
});
