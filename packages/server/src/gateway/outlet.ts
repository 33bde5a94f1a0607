import type { Writable } from 'node:stream';

/** Where the frames of one connection go out. */
export interface Outlet {
  push(bytes: Buffer): void;
  /**
   * Bytes that the kernel has not taken. Those of this turn do not count: nobody has tried yet to write them, and no `drain`
   * would follow if they all go out at once.
   */
  waiting(): number;
  /** Writes what was pushed now, before something else writes to the stream itself. */
  flush(): void;
}

interface Pushed {
  readonly stream: Writable;
  parts: Buffer[];
}

// All that one turn of the event loop has for a stream goes out in one write: the write call is the cost.
const dirty = new Set<Pushed>();
let scheduled = false;

export function createOutlet(stream: Writable): Outlet {
  const pushed: Pushed = { stream, parts: [] };
  return {
    push(bytes) {
      pushed.parts.push(bytes);
      dirty.add(pushed);
      if (scheduled) return;
      scheduled = true;
      setImmediate(writeAll);
    },
    waiting: () => stream.writableLength,
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
