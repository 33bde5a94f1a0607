import { type IncomingMessage, request as overHttp, type RequestOptions } from 'node:http';
import { request as overHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { codeOf } from '../store/database.ts';
import { type Judged, judge, NotReached, type Policy } from './judge.ts';

export interface Question {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  /** Of the whole answer with its redirects, from name to last byte. */
  readonly deadlineMs: number;
  /** Each is judged anew. */
  readonly redirects: number;
  /** Reading stops here. */
  readonly maxBytes: number;
  /** Whether the body is worth reading; the connection ends otherwise. */
  readonly wanted?: (answer: Pick<Answer, 'status' | 'headers'>) => boolean;
}
export interface Answer {
  /** Where it was found, after redirects. */
  readonly url: string;
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** There was more than `maxBytes`. */
  readonly cut: boolean;
}

/**
 * Asks a server that strangers may have named. Never keeps a connection, sends no cookie and no referrer, and connects to nothing but
 * the addresses that were judged.
 * @throws NotReached
 */
export async function askOutside(address: string, question: Question, policy: Policy): Promise<Answer> {
  const deadline = AbortSignal.timeout(question.deadlineMs);
  let where = address;
  for (let redirects = 0; ; redirects++) {
    const judged = await before(deadline, judge(where, policy));
    const answer = await before(deadline, once(judged, question, deadline));
    const next = answer.status >= 300 && answer.status < 400 ? answer.headers.location : undefined;
    if (next === undefined || question.redirects === 0) return answer;
    if (redirects === question.redirects) throw new NotReached('failed', 'This address leads on and on.');
    where = URL.canParse(next, judged.url.href) ? new URL(next, judged.url).href : next;
  }
}

/** The part under way may not know of the deadline: a name server, say. */
async function before<T>(deadline: AbortSignal, part: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = () => reject(new NotReached('failed', 'This address took too long to answer.'));
  if (deadline.aborted) late();
  deadline.addEventListener('abort', late, { once: true });
  try {
    return await Promise.race([part, promise]);
  } finally {
    deadline.removeEventListener('abort', late);
    part.catch(() => {}); // whoever came second is not listened to
  }
}

function once(judged: Judged, question: Question, signal: AbortSignal): Promise<Answer> {
  const { url, port, addresses } = judged;
  const options: RequestOptions = {
    method: question.method,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    path: url.pathname + url.search,
    headers: { ...question.headers, host: url.host, 'accept-encoding': 'identity', connection: 'close' },
    agent: false,
    maxHeaderSize: 16_384,
    signal,
    lookup: onlyTo(addresses),
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? overHttps : overHttp)(options);
    request.once('error', error => reject(inWords(error)));
    request.once('response', response => {
      const { statusCode: status = 0, headers } = response;
      if (question.wanted?.({ status, headers }) === false) {
        request.destroy();
        return resolve({ url: url.href, status, headers, body: Buffer.alloc(0), cut: true });
      }
      readBody(response, question.maxBytes).then(
        read => {
          request.destroy();
          resolve({ url: url.href, status, headers, ...read });
        },
        error => reject(inWords(error)),
      );
    });
    request.end(question.body);
  });
}

/** A second answer of a name server cannot lead elsewhere, as nobody asks it. */
const onlyTo =
  (addresses: Judged['addresses']): LookupFunction =>
  (_name, { all }, give) => {
    const [first] = addresses;
    if (all) give(null, [...addresses]);
    else if (first) give(null, first.address, first.family);
  };

async function readBody(response: IncomingMessage, maxBytes: number): Promise<{ body: Buffer; cut: boolean }> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response) {
    parts.push(part);
    bytes += part.length;
    if (bytes > maxBytes) return { body: Buffer.concat(parts).subarray(0, maxBytes), cut: true };
  }
  return { body: Buffer.concat(parts), cut: false };
}

function inWords(error: unknown): NotReached {
  if (error instanceof NotReached) return error;
  const code = codeOf(error);
  if (code === 'ABORT_ERR') return new NotReached('failed', 'This address took too long to answer.', error);
  if (code === 'ECONNREFUSED') return new NotReached('failed', 'Nobody listens at this address.', error);
  return new NotReached('failed', `The connection failed (${code ?? 'unknown reason'}).`, error);
}
