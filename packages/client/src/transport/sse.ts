import { apiPrefix, type Command, closes, type EventOf } from '@carpenter/protocol';
import { unreachable } from '../error.ts';
import { problemOf, type Said } from '../http.ts';
import { type Link, type OpenLink, readEvent } from './link.ts';

/** Events come as a stream of an HTTP answer, commands go as requests: passes where nothing but HTTP does. */
export const openSse: OpenLink = (base, firstToken, listener) => {
  const abort = new AbortController();
  let token = firstToken;
  let closing: EventOf<'closing'> | undefined;
  let over = false;
  const end = (code: number, reason: string) => {
    if (over) return;
    over = true;
    abort.abort();
    listener.ended({ code, reason, closing });
  };

  async function listen(): Promise<void> {
    const response = await fetch(`${base}${apiPrefix}/events`, {
      headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
      cache: 'no-store',
      signal: abort.signal,
    });
    if (!response.ok || !response.body) return end(codeOf(response.status), await waitOf(response));
    for await (const data of eventData(response.body, () => over || listener.heard())) {
      const event = readEvent(data);
      if (over || !event) continue;
      if (event.type === 'closing') closing = event;
      listener.event(event);
    }
    end(closing?.code ?? closes.goingAway.code, '');
  }

  async function post(command: Command): Promise<void> {
    const response = await fetch(`${base}${apiPrefix}/commands`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(command),
      signal: AbortSignal.any([abort.signal, AbortSignal.timeout(20_000)]),
    });
    const text = await response.text();
    if (over) return;
    if (!response.ok) return refused(command, problemOf(response, text));
    const event = readEvent(text);
    if (event) listener.event({ ...event, ...(command.ref !== undefined && { ref: command.ref }) });
  }

  /** A refusal over HTTP, a proxy's too, said as a frame. */
  function refused({ ref }: Command, { code, detail, retryAfterMs, details }: Said): void {
    const more = { ...(retryAfterMs !== undefined && { retryAfterMs }), ...(details && { details }) };
    listener.event({ type: 'error', code, message: detail, ...(ref !== undefined && { ref }), ...more });
  }

  listen().catch(() => end(1006, ''));
  const link: Link = {
    via: 'sse',
    send(command) {
      post(command).catch(() => {
        const { code, message } = unreachable();
        if (!over) refused(command, { code, detail: message });
      });
    },
    renew(renewed) {
      token = renewed;
    },
    close() {
      over = true;
      abort.abort();
    },
  };
  return link;
};

/** What the stream could not begin with, as the close code that says the same. */
function codeOf(status: number): number {
  if (status === 401) return closes.unauthenticated.code;
  if (status === 403) return closes.forbidden.code;
  if (status === 429) return closes.tooFast.code;
  if (status === 503) return closes.overloaded.code;
  return 1006;
}

async function waitOf(response: Response): Promise<string> {
  const seconds = Number(response.headers.get('retry-after'));
  await response.body?.cancel();
  return Number.isFinite(seconds) && seconds > 0 ? `retry-after-ms=${seconds * 1_000}` : '';
}

/** The `data` of each event of a stream (WHATWG HTML, 9.2.6); comments and other fields are left out. */
export async function* eventData(body: ReadableStream<Uint8Array>, heard: () => void): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  let data: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      const lines = (rest + decoder.decode(value, { stream: true })).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
        if (line !== '' || data.length === 0) continue;
        yield data.join('\n');
        data = [];
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
