import type { Socket } from 'node:net';

/** Where the frames of one connection go out. */
export interface Outlet {
  push(bytes: Buffer): void;
  /**
   * Bytes that the kernel has not taken. Those of this turn do not count: nobody has tried yet to write them, and no `drain`
   * would follow if they all go out at once.
   */
  waiting(): number;
  /** Bytes held for it, those of this turn among them. */
  holds(): number;
  /** What the kernel is to take next: another number than before, and it has taken something. */
  next(): number;
  /** Writes what was pushed now, before something else writes to the stream itself. */
  flush(): void;
}

interface Pushed {
  readonly stream: Socket;
  parts: Buffer[];
  bytes: number;
}

// All that one turn of the event loop has for a stream goes out in one write: the write call is the cost.
const dirty = new Set<Pushed>();
let scheduled = false;

export function createOutlet(stream: Socket): Outlet {
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
    waiting: () => stream.writableLength,
    holds: () => stream.writableLength + pushed.bytes,
    next: () => queueOf(stream),
    flush() {
      if (dirty.delete(pushed)) write(pushed);
    },
  };
}

/** `writableLength` counts a write until all of it is taken; of the parts only the handle knows, as Node's own timeouts do. */
export function queueOf(stream: Socket): number {
  const handle: unknown = Reflect.get(stream, '_handle');
  const known = typeof handle === 'object' && handle !== null && 'writeQueueSize' in handle && handle.writeQueueSize;
  return typeof known === 'number' ? known : stream.writableLength;
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
