import type { Event } from '@carpenter/protocol';

/** An event on its way out, serialised and framed at most once, whatever the number of its receivers. */
export interface Frame {
  readonly event: Event;
  readonly json: string;
  /** A finished WebSocket text frame (RFC 6455, 5.2: FIN, opcode 1, no mask, since servers never mask). */
  websocket(): Buffer;
}

export function frameOf(event: Event): Frame {
  const json = JSON.stringify(event);
  let framed: Buffer | undefined;
  return {
    event,
    json,
    websocket: () => {
      framed ??= textFrame(json);
      return framed;
    },
  };
}

function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerLength + length);
  frame[0] = 0x81;
  if (headerLength === 2) {
    frame[1] = length;
  } else if (headerLength === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, headerLength);
  return frame;
}
