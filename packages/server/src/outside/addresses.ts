import { BlockList, isIP } from 'node:net';

/**
 * Which addresses a server may reach on behalf of somebody: those of the public internet, and nothing else. Whoever could make
 * it ask 127.0.0.1 or a cloud's metadata would read what only this machine may read. Sources: IANA's registries of
 * special-purpose addresses (RFC 6890 and its updates).
 */
const closed = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8], // this network; 0.0.0.0 itself reaches this machine
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // carrier-grade NAT; a cloud's metadata at 100.100.100.200
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local; the metadata of most clouds
  ['172.16.0.0', 12],
  ['192.0.0.0', 24], // protocol assignments; a cloud's metadata at 192.0.0.192
  ['192.0.2.0', 24], // documentation, as the next two of this kind
  ['192.88.99.0', 24], // relays of 6to4
  ['192.168.0.0', 16],
  ['198.18.0.0', 15], // measuring
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, and broadcast
  ['168.63.129.16', 32], // looks public, and is a cloud's wire server
] as const) {
  closed.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['2001::', 23], // Teredo, ORCHID, measuring: they lead elsewhere, or nowhere
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4 holds an IPv4 address
  ['3fff::', 20], // documentation
] as const) {
  closed.addSubnet(network, prefix, 'ipv6');
}

/** Where public IPv6 addresses live today. Loopback, mapped, NAT64, unique local, link-local and multicast all lie outside. */
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');

/** @param address  as a resolver or a socket writes it; anything that is no plain address is not public */
export function isPublic(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !closed.check(address, 'ipv4');
    case 6:
      return !address.includes('%') && global6.check(address, 'ipv6') && !closed.check(address, 'ipv6');
    default:
      return false;
  }
}
