import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** A TCP proxy in front of a server, which does what networks do. */
export interface Way {
  readonly url: string;
  /** Cuts what is open; nothing new gets through until `heal`. */
  cut(): void;
  /** Keeps everything open and passes nothing on, in either direction. */
  freeze(): void;
  heal(): void;
  /** Cuts the connection of whoever asks for a WebSocket, as some proxies do. */
  forbidWebSockets(is: boolean): void;
  /** Resolves when so many requests with these words in them have passed from now on. */
  passed(words: string, times: number): Promise<void>;
}

export async function proxyTo(t: TestContext, target: string): Promise<Way> {
  const { port } = new URL(target);
  const pairs = new Set<[Socket, Socket]>();
  let state: 'open' | 'cut' | 'frozen' = 'open';
  let webSockets = true;
  const looking = new Set<(request: string) => void>();

  const server = createServer(near => {
    if (state === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(Number(port), '127.0.0.1');
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    const end = () => {
      near.destroy();
      far.destroy();
      pairs.delete(pair);
    };
    for (const socket of pair) {
      socket.on('error', end);
      socket.on('close', end);
    }
    near.on('data', data => {
      for (const look of looking) look(data.toString('latin1'));
      if (!webSockets && /\r\nupgrade: websocket\r\n/i.test(data.toString('latin1'))) end(); // also on a connection used before
    });
    near.pipe(far);
    far.pipe(near);
    if (state === 'frozen') stop(pair);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = ([near, far]: [Socket, Socket]) => {
    near.unpipe(far).pause();
    far.unpipe(near).pause();
  };
  const cutAll = () => {
    for (const [near] of pairs) near.destroy();
  };
  t.after(() => {
    server.close();
    cutAll();
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    cut() {
      state = 'cut';
      cutAll();
    },
    freeze() {
      state = 'frozen';
      for (const pair of pairs) stop(pair);
    },
    heal() {
      if (state === 'frozen') cutAll();
      state = 'open';
    },
    forbidWebSockets(is) {
      webSockets = !is;
      if (is) cutAll();
    },
    passed(words, times) {
      let count = 0;
      return new Promise(resolve => {
        const look = (request: string) => {
          if (!request.includes(words) || ++count < times) return;
          looking.delete(look);
          resolve();
        };
        looking.add(look);
      });
    },
  };
}
