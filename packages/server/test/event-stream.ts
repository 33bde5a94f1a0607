import assert from 'node:assert/strict';
import type { Person } from './people.ts';

/** Server-Sent Events as a program reads them. Each answer is all that was said so far. */
export interface EventStream {
  /** Reads on until this was said. */
  until(words: string): Promise<string>;
  /** Reads on until the server ends it. */
  ended(): Promise<string>;
  close(): Promise<void>;
}

/** An event stream that is open and has said `ready`. */
export async function openStream({ url, grant }: Person): Promise<EventStream> {
  const headers = { authorization: `Bearer ${grant.accessToken}` };
  const { body } = await fetch(`${url}/api/v1/events`, { headers });
  const reader = (body ?? assert.fail()).pipeThrough(new TextDecoderStream()).getReader();
  let said = '';
  const read = async () => {
    const { value = '', done } = await reader.read();
    said += value;
    return !done;
  };
  const stream: EventStream = {
    async until(words) {
      while (!said.includes(words)) assert.ok(await read(), `it ended before it said ${words}`);
      return said;
    },
    async ended() {
      while (await read());
      return said;
    },
    close: () => reader.cancel(),
  };
  await stream.until('"ready"');
  return stream;
}
