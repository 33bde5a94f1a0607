import { connect } from 'node:net';
import type { TestContext } from 'node:test';
import { closeByCode, event } from '@carpenter/protocol';
import { frame, opcode, openRaw, type RawSocket } from '../raw.ts';
import type { Input } from './inputs.ts';
import { walk } from './walk.ts';

/** Throws inputs at one server and judges what comes back. */
export interface Thrower {
  /** @returns what is wrong with the answer, if something is */
  throw(input: Input): Promise<string | undefined>;
  close(): void;
}

const patienceMs = 15_000;

export function createThrower(t: TestContext, port: number, token: string): Thrower {
  let raw: RawSocket | undefined;
  let refs = 0;

  async function throwAtSocket(bytes: Buffer): Promise<string | undefined> {
    raw ??= await openRaw(t, port, token);
    const to = raw;
    const ref = `ping ${++refs}`;
    const { whole, closes } = walk(bytes);
    to.send(bytes);
    if (whole) to.send(frame(opcode.text, JSON.stringify({ type: 'ping', ref })));
    else to.socket.end(); // it waits for more, and none comes
    const answered = whole
      ? to
          .until(({ payload }) => payload.includes(`"${ref}"`), 'pong')
          .then(
            () => true,
            () => false,
          )
      : Promise.resolve(false);
    const fault = (await answered) ? undefined : await judgeEnd(to, whole, closes);
    return fault ?? judgeFrames(to);
  }

  async function judgeEnd(to: RawSocket, whole: boolean, closes: boolean): Promise<string | undefined> {
    raw = undefined;
    const end = await to.end();
    if (end.code === undefined) return whole ? 'the connection ended without a close frame' : undefined;
    if (closes && !end.closing) return undefined; // an echo
    if (!closeByCode(end.code) || end.reason === '' || end.closing?.code !== end.code) {
      return `the connection ended with ${end.code} "${end.reason}" after ${JSON.stringify(end.closing)}`;
    }
    return [1011, 1013].includes(end.code) ? `the connection ended with ${end.code} "${end.reason}"` : undefined;
  }

  /** Everything a server says fits the protocol, and none of it is a fault of its own. */
  function judgeFrames(to: RawSocket): string | undefined {
    for (const { kind, payload } of to.take()) {
      if (kind !== opcode.text) continue;
      const { data, error } = event.safeParse(JSON.parse(payload.toString()));
      if (!data) return `an event that is none: ${payload} ${error.message}`;
      if (data.type === 'error' && data.code === 'server.fault') return `${payload}`;
    }
    return undefined;
  }

  return {
    throw: ({ door, bytes }) => (door === 'socket' ? throwAtSocket(bytes) : throwAtDoor(port, bytes)),
    close: () => raw?.socket.destroy(),
  };
}

/** A request, right or wrong, gets an answer; one that waits for more may be left, and ends with us. */
function throwAtDoor(port: number, bytes: Buffer): Promise<string | undefined> {
  return new Promise(resolve => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    let heard = '';
    const late = setTimeout(() => {
      socket.destroy();
      resolve(`no answer and no end within ${patienceMs / 1_000} s`);
    }, patienceMs);
    socket.setEncoding('latin1').on('data', chunk => {
      heard += chunk;
      if (/^HTTP\/1\.1 101|^HTTP\/1\.1 200[\s\S]*text\/event-stream/.test(heard)) socket.destroy(); // it would go on
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(late);
      const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(heard) ?? [];
      const busy = status === '503' && heard.includes('"retryAfterMs"'); // of a machine that others keep busy
      if (Number(status) >= 500 && !busy) resolve(heard);
      else if (Number(status) >= 400 && !/^HEAD /.test(bytes.toString('latin1')) && !heard.includes('problem+json')) {
        resolve(`a refusal that is no problem+json: ${heard}`);
      } else resolve(undefined);
    });
    socket.end(bytes);
  });
}
