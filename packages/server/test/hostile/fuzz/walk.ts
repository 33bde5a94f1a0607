/**
 * What a server makes of the bytes of a client by RFC 6455, as far as their borders go: whether they end with a frame's end,
 * and whether a close of the client is among them.
 */
export function walk(bytes: Buffer): { whole: boolean; closes: boolean } {
  let at = 0;
  let closes = false;
  while (at < bytes.length) {
    if (at + 2 > bytes.length) return { whole: false, closes };
    const short = bytes.readUInt8(at + 1) & 0x7f;
    const wide = short === 126 ? 2 : short === 127 ? 8 : 0;
    if (at + 2 + wide > bytes.length) return { whole: false, closes };
    const size = wide === 2 ? bytes.readUInt16BE(at + 2) : wide === 8 ? Number(bytes.readBigUInt64BE(at + 2)) : short;
    const masked = bytes.readUInt8(at + 1) >= 0x80 ? 4 : 0;
    closes ||= (bytes.readUInt8(at) & 0x0f) === 8;
    at += 2 + wide + masked + size;
  }
  return { whole: at === bytes.length, closes };
}
