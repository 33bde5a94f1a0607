import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * Whom to count a request against. Each of our `hops` proxies appended the address it saw to X-Forwarded-For, so the entry
 * that many places from the right is the last one that a client could not make up.
 * @returns an IPv4 address, or the first 64 bits of an IPv6 address: whoever has one has all of that network
 */
export function addressOf(request: IncomingMessage, hops: number): string {
  const socket = request.socket.remoteAddress ?? 'unknown';
  if (hops === 0) return addressKey(socket);
  const entries = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  const told = entries.at(Math.max(-hops, -entries.length))?.trim() ?? '';
  return addressKey(isIP(told) === 0 ? socket : told);
}

export function addressKey(address: string): string {
  if (isIP(address) !== 6) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? [];
  const groups = (part = '') => (part === '' ? [] : part.split(':'));
  const zeros = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(Math.max(0, zeros)).fill('0'), ...groups(tail)];
  return `${all
    .slice(0, 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
