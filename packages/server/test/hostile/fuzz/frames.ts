import { opcode } from '../raw.ts';

/** A frame as its bytes say (RFC 6455, 5.2), its payload unmasked. */
export interface Framed {
  readonly fin: boolean;
  readonly rsv: number;
  readonly kind: number;
  readonly masked: boolean;
  readonly payload: Buffer;
}

/** The frames that these bytes hold, and what is left after the last whole one. */
export function framesOf(bytes: Buffer): { frames: Framed[]; rest: Buffer } {
  const frames: Framed[] = [];
  let at = 0;
  while (at + 2 <= bytes.length) {
    const [first, second] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
    const short = second & 0x7f;
    const wide = short === 126 ? 2 : short === 127 ? 8 : 0;
    if (at + 2 + wide > bytes.length) break;
    const size = wide === 2 ? bytes.readUInt16BE(at + 2) : wide === 8 ? Number(bytes.readBigUInt64BE(at + 2)) : short;
    const masked = second >= 0x80;
    const from = at + 2 + wide + (masked ? 4 : 0);
    if (from + size > bytes.length) break;
    const payload = Buffer.from(bytes.subarray(from, from + size));
    if (masked) unmask(payload, bytes.subarray(from - 4, from));
    frames.push({ fin: first >= 0x80, rsv: (first >> 4) & 7, kind: first & 0x0f, masked, payload });
    at = from + size;
  }
  return { frames, rest: bytes.subarray(at) };
}

function unmask(payload: Buffer, mask: Buffer): void {
  for (let i = 0; i < payload.length; i++) payload[i] = (payload[i] ?? 0) ^ (mask[i & 3] ?? 0);
}

/** Whole in itself, as a client has to make it. */
export const isProper = ({ fin, rsv, kind, masked, payload }: Framed): boolean =>
  fin && rsv === 0 && masked && (kind === opcode.text || (isControl(kind) && payload.length <= 125));

const isControl = (kind: number): boolean => kind === opcode.ping || kind === opcode.pong || kind === opcode.close;
