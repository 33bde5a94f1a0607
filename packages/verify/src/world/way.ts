import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createDelay } from './delay.ts';
import type { Way } from './types.ts';

export interface OwnWay extends Way {
  /** The last cut. */
  close(): void;
}

/** Some milliseconds of what a throttled link passes on at once: small enough to be even, large enough not to cost much. */
const portionMs = 50;

/** Opens a TCP proxy on the loopback interface to `host:port`, or to the Unix socket at `path`.
 *  @param client  whose it is: a client's, or a node's on its way to the database */
export async function openWay(
  client: string,
  target: { host: string; port: number } | { path: string },
): Promise<OwnWay> {
  const pairs = new Set<Pair>();
  let isCut = false;
  let bytesPerSecond: number | undefined;
  let lateMs = 0;

  const server = createServer({ allowHalfOpen: true }, near => {
    if (isCut) {
      near.resetAndDestroy();
      return;
    }
    const pair = joinUp(near, connect({ ...target, allowHalfOpen: true }), () => pairs.delete(pair));
    pairs.add(pair);
    pair.throttle(bytesPerSecond);
    pair.delay(lateMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const cutAll = () => {
    for (const pair of [...pairs]) pair.cut();
  };
  return {
    client,
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    cut() {
      isCut = true;
      cutAll();
    },
    throttle(speed) {
      bytesPerSecond = speed;
      for (const pair of pairs) pair.throttle(speed);
    },
    delay(byMs) {
      lateMs = byMs;
      for (const pair of pairs) pair.delay(byMs);
    },
    heal() {
      isCut = false;
      bytesPerSecond = undefined;
      lateMs = 0;
      for (const pair of pairs) {
        pair.throttle(undefined);
        pair.delay(0);
      }
    },
    close() {
      server.close();
      cutAll();
    },
  };
}

interface Pair {
  cut(): void;
  throttle(bytesPerSecond: number | undefined): void;
  delay(byMs: number): void;
}

function joinUp(near: Socket, far: Socket, ended: () => void): Pair {
  let bytesPerSecond: number | undefined;
  let resting: NodeJS.Timeout | undefined;
  const [there, back] = [createDelay(), createDelay()];

  const end = () => {
    clearTimeout(resting);
    there.close();
    back.close();
    near.destroy();
    far.destroy();
    ended();
  };
  for (const socket of [near, far]) {
    socket.setNoDelay(true);
    socket.on('error', end);
    socket.on('close', end);
  }
  /** What went before may not have gone out yet. */
  const goOn = () => {
    if (!far.writableNeedDrain) near.resume();
    if (!near.writableNeedDrain && resting === undefined && bytesPerSecond !== 0) far.resume();
  };
  near.on('data', data =>
    there.pass(() => {
      if (!far.write(data)) near.pause();
    }),
  );
  far.on('data', data => {
    back.pass(() => {
      if (!near.write(data)) far.pause();
    });
    if (bytesPerSecond !== undefined) rest(data.length, bytesPerSecond);
  });
  near.on('drain', goOn);
  far.on('drain', goOn);
  near.on('end', () => there.pass(() => far.end()));
  far.on('end', () => back.pass(() => near.end()));

  function rest(bytes: number, speed: number): void {
    far.pause();
    clearTimeout(resting);
    resting = undefined;
    if (speed === 0) return;
    resting = setTimeout(
      () => {
        resting = undefined;
        goOn();
      },
      Math.max(portionMs, (bytes / speed) * 1_000),
    );
  }

  return {
    delay(byMs) {
      there.set(byMs);
      back.set(byMs);
    },
    cut: end,
    throttle(speed) {
      bytesPerSecond = speed;
      clearTimeout(resting);
      resting = undefined;
      if (speed === 0) far.pause();
      else goOn();
    },
  };
}
