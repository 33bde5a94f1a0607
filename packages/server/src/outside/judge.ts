import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isPublic } from './addresses.ts';

/** Why something outside was not reached, in words that may be shown to whoever asked for it. */
export class NotReached extends Error {
  readonly kind: 'refused' | 'failed';
  /** @param kind  `refused`: by our own rules, so that no later try can succeed */
  constructor(kind: 'refused' | 'failed', words: string, cause?: unknown) {
    super(words, { cause });
    this.name = 'NotReached';
    this.kind = kind;
  }
}

/** What may be reached, and how names are looked up. */
export interface Policy {
  /** `address:port` of services in one's own network that may be reached nonetheless; IPv6 in brackets. */
  readonly allowed: readonly string[];
  readonly resolver: Pick<Resolver, 'resolve4' | 'resolve6'>;
}

/** Asks the name servers itself: getaddrinfo would hold up a thread that passwords need, for as long as a stranger's server likes. */
export const openResolver = (): Resolver => new Resolver({ timeout: 1_500, tries: 2 });

/** Where a connection may go: nowhere but to these addresses, whatever the name says a moment later. */
export interface Judged {
  readonly url: URL;
  readonly port: number;
  readonly addresses: readonly { readonly address: string; readonly family: 4 | 6 }[];
}

const longest = 2_048;

/**
 * Decides whether, and to which addresses, an address of the web may be asked. The parser of the web reads every odd way to write
 * an IPv4 address (hexadecimal, octal, one number, full-width digits), so that what is judged here is what would be connected to.
 * One address that is not public among a name's answers condemns the name.
 * @throws NotReached
 */
export async function judge(text: string, policy: Policy): Promise<Judged> {
  const url = text.length <= longest && URL.canParse(text) ? new URL(text) : undefined;
  if (!url) throw new NotReached('refused', 'This is no address of the web.');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new NotReached('refused', 'Only http and https are asked.');
  }
  if (url.username || url.password) throw new NotReached('refused', 'An address with a name or password is not asked.');
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const addresses = await addressesOf(url.hostname, policy.resolver);
  const strange = addresses.filter(
    ({ address, family }) => !policy.allowed.includes(`${family === 6 ? `[${address}]` : address}:${port}`),
  );
  if (!strange.every(({ address }) => isPublic(address))) {
    throw new NotReached('refused', 'This address is not on the public internet.');
  }
  if (strange.length > 0 && port !== 80 && port !== 443) {
    throw new NotReached('refused', 'Only the ports 80 and 443 are asked.');
  }
  return { url, port, addresses };
}

async function addressesOf(hostname: string, resolver: Policy['resolver']): Promise<Judged['addresses']> {
  const literal = hostname.replace(/^\[|\]$/g, '');
  const version = isIP(literal);
  if (version === 4 || version === 6) return [{ address: literal, family: version }];
  const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  const addresses = [
    ...(four.status === 'fulfilled' ? four.value.map(address => ({ address, family: 4 as const })) : []),
    ...(six.status === 'fulfilled' ? six.value.map(address => ({ address, family: 6 as const })) : []),
  ];
  if (addresses.length > 0) return addresses;
  throw new NotReached('failed', 'The name of this address is not known, or its name server does not answer.');
}
