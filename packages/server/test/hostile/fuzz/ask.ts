import { connect, type Socket } from 'node:net';
import { problem, refusals } from '@carpenter/protocol';

/** Asks over HTTP and judges what comes back. */
export interface Asker {
  /**
   * One request at a time.
   * @param calm  it is well-formed, so that the connection is kept for the next one; others get a connection of their own
   * @returns what is wrong with the answer, if something is
   */
  ask(bytes: Buffer, calm: boolean): Promise<string | undefined>;
  close(): void;
}

interface Answer {
  readonly status: number;
  /** In Latin-1, as it was heard. */
  readonly body: string;
  /** Something came behind it. */
  readonly more: boolean;
  /** Behind it nothing else comes on this connection. */
  readonly last: boolean;
}

/** A file is looked at for up to 20 s, in its turn. */
const patienceMs = 60_000;

export function createAsker(port: number): Asker {
  let kept: Socket | undefined;
  const open = () => connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true }).on('error', () => {});
  return {
    async ask(bytes, calm) {
      const socket = calm && kept?.readyState === 'open' ? kept : open();
      const answer = await answerTo(socket, bytes);
      if (calm && typeof answer !== 'string' && !answer.last) kept = socket;
      else socket.destroy();
      if (typeof answer === 'string') return answer;
      if (calm && answer.more) return `more than one answer: ${answer.status} ${answer.body}`;
      return judge(answer, isHead(bytes));
    },
    close: () => void kept?.destroy(),
  };
}

/** @returns the answer, or what is wrong where there is none */
function answerTo(socket: Socket, bytes: Buffer): Promise<Answer | string> {
  const { promise, resolve } = Promise.withResolvers<Answer | string>();
  const head = isHead(bytes);
  let heard = '';
  const hear = (chunk: Buffer) => {
    heard += chunk.toString('latin1');
    const answer = answerIn(heard, head, false);
    if (answer) resolve(answer);
  };
  const end = () => resolve(answerIn(heard, head, true) ?? `the connection ended after: ${JSON.stringify(heard)}`);
  const late = setTimeout(() => resolve(`no answer within ${patienceMs / 1_000} s after: ${heard}`), patienceMs);
  socket.on('data', hear).on('end', end).on('close', end);
  if (isComplete(bytes)) socket.write(bytes);
  else socket.end(bytes); // it waits for more, and none comes
  return promise.finally(() => {
    clearTimeout(late);
    socket.off('data', hear).off('end', end).off('close', end);
  });
}

const isHead = (bytes: Buffer): boolean => /^\s*HEAD /.test(bytes.subarray(0, 20).toString('latin1'));

/** Whether nothing more has to come, so that an answer is owed at once. */
function isComplete(bytes: Buffer): boolean {
  const text = bytes.toString('latin1').replace(/^[\r\n]+/, '');
  const at = text.indexOf('\r\n\r\n');
  if (at < 0) return false;
  const [, size = '0'] = /^content-length: *(\d+) *$/im.exec(text.slice(0, at).replaceAll('\r', '')) ?? [];
  return text.length - at - 4 >= Number(size);
}

/** The first answer in what was heard; undefined: it is not all there. */
function answerIn(heard: string, head: boolean, ended: boolean): Answer | undefined {
  const at = heard.indexOf('\r\n\r\n');
  if (at < 0) return undefined;
  const fields = heard.slice(0, at + 2);
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(fields)?.[1]);
  const rest = heard.slice(at + 4);
  const last = ended || /^connection: close\r$/im.test(fields);
  if (status === 101 || /^content-type: text\/event-stream/im.test(fields)) {
    return { status, body: '', more: false, last: true }; // it would go on
  }
  const length = /^content-length: (\d+)\r$/im.exec(fields)?.[1];
  const size = head || status === 204 || status === 304 ? 0 : length === undefined ? undefined : Number(length);
  if (size === undefined)
    return ended || rest.endsWith('\r\n0\r\n\r\n') ? { status, body: rest, more: false, last } : undefined;
  return rest.length < size ? undefined : { status, body: rest.slice(0, size), more: rest.length > size, last };
}

function judge({ status, body }: Answer, head: boolean): string | undefined {
  const is = `${status} ${body}`;
  if (!(status >= 100 && status < 600)) return `no status: ${is}`;
  if (status < 400) return undefined;
  if (head) return status < 500 ? undefined : is;
  const { data } = problem.safeParse(jsonOf(body));
  if (!data || data.status !== status || !(data.code in refusals)) return `a refusal that is none: ${is}`;
  const busy = status === 503 && data.retryAfterMs !== undefined; // of a machine that others keep busy
  return status < 500 || busy ? undefined : is;
}

function jsonOf(latin1: string): unknown {
  try {
    return JSON.parse(Buffer.from(latin1, 'latin1').toString());
  } catch {
    return undefined;
  }
}
