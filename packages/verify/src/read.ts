import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { z } from 'zod';
import { type Entry, entry } from './history.ts';

/** The file is no history; the message is a sentence with the number of the line. */
export class NoHistory extends Error {}

/**
 * A history from its file, entry by entry: never the whole of it is in memory. A last line without its end was cut off with its
 * writer, and is left out.
 * @throws {NoHistory}
 */
export function* readHistory(file: string): Generator<Entry> {
  let line = 0;
  for (const text of linesOf(file)) {
    line += 1;
    yield entryOf(text, `${file}, line ${line}`);
  }
}

function entryOf(text: string, place: string): Entry {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new NoHistory(`${place}: this is not JSON.`);
  }
  const parsed = entry.safeParse(value);
  if (!parsed.success)
    throw new NoHistory(`${place}: this is no entry of a history.\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function* linesOf(file: string): Generator<string> {
  const descriptor = openSync(file, 'r');
  try {
    const chunk = Buffer.alloc(1 << 20);
    const decoder = new StringDecoder('utf8');
    let rest = '';
    for (;;) {
      const bytes = readSync(descriptor, chunk);
      if (bytes === 0) return; // what is left has no end
      const lines = (rest + decoder.write(chunk.subarray(0, bytes))).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } finally {
    closeSync(descriptor);
  }
}
