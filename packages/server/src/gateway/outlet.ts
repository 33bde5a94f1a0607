import type { Writable } from 'node:stream';

/** Where the frames of one connection go out. */
export interface Outlet {
  push(bytes: Buffer): void;
  /** Bytes that wait here and in the stream. */
  waiting(): number;
  /** Writes what was pushed now, before something else writes to the stream itself. */
  flush(): void;
}

interface Pushed {
  readonly stream: Writable;
  parts: Buffer[];
  bytes: number;
}

// All that one turn of the event loop has for a stream goes out in one write: the write call is the cost.
const dirty = new Set<Pushed>();
let scheduled = false;

export function createOutlet(stream: Writable): Outlet {
  const pushed: Pushed = { stream, parts: [], bytes: 0 };
  return {
    push(bytes) {
      pushed.parts.push(bytes);
      pushed.bytes += bytes.length;
      dirty.add(pushed);
      if (scheduled) return;
      scheduled = true;
      setImmediate(writeAll);
    },
    waiting: () => pushed.bytes + stream.writableLength,
    flush() {
      if (dirty.delete(pushed)) write(pushed);
    },
  };
}

function writeAll(): void {
  scheduled = false;
  for (const pushed of dirty) write(pushed);
  dirty.clear();
  last = { parts: [], joined: Buffer.alloc(0) };
}

function write(pushed: Pushed): void {
  const { stream, parts } = pushed;
  pushed.parts = [];
  pushed.bytes = 0;
  if (stream.writable) stream.write(join(parts));
}

// In a busy room most sockets get the same frames: the join of the one before serves the next.
let last: { parts: readonly Buffer[]; joined: Buffer } = { parts: [], joined: Buffer.alloc(0) };

function join(parts: readonly Buffer[]): Buffer {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const same = parts.length === last.parts.length && parts.every((part, i) => part === last.parts[i]);
  if (!same) last = { parts, joined: Buffer.concat(parts) };
  return last.joined;
}
