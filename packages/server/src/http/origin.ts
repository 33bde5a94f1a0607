import { isIP } from 'node:net';
import { type Refusal, refusal } from '@carpenter/protocol';
import type { Config } from '../config.ts';

/** What the judgement needs of a request and of the configuration. */
interface Asked {
  readonly origin: string | undefined;
  readonly host: string | undefined;
}

const parse = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);

/**
 * Whether a page of this origin may use us with what the browser adds by itself (cookies, a WebSocket): pages of the host that
 * the request was sent to, and those of `allowed`. Parsed and compared whole, never by suffix. The scheme of our own
 * host does not count, since a proxy in front may have taken TLS off.
 */
export function isOurs({ origin, host }: Asked, allowed: readonly string[]): boolean {
  const page = origin === undefined ? undefined : parse(origin);
  if (!page || page.origin === 'null') return false;
  if (allowed.includes(page.origin)) return true;
  return host !== undefined && parse(`${page.protocol}//${host}`)?.host === page.host;
}

/**
 * What is wrong with the name that a request was sent to. Anybody can let a name of theirs lead to this machine (DNS rebinding), and
 * their page is then of the same host as we are. Where only this machine can connect, the names that it has by nature are ours, and
 * that of the public address, which a proxy passes on.
 */
export function hostFault(
  asked: string | undefined,
  { host, publicUrl }: Pick<Config, 'host' | 'publicUrl'>,
): Refusal | undefined {
  const here = host === 'localhost' || host === '::1' || host.startsWith('127.');
  if (!here || asked === undefined) return undefined; // a browser always says it
  const name = /[/?#@\\]/.test(asked) ? '' : (parse(`http://${asked}`)?.hostname ?? '');
  const known = publicUrl !== undefined && name === parse(publicUrl)?.hostname;
  const ours = name === 'localhost' || name.endsWith('.localhost') || isIP(name.replace(/^\[|\]$/g, '')) !== 0;
  return known || ours ? undefined : refusal('host.unknown', { host: asked.slice(0, 200) });
}

/** A token in an address: by the usual names, or by its looks. Proxies and browsers write addresses down. */
export const holdsToken = (url: string): boolean =>
  /[?&;](access_?token|refresh_?token|id_?token|token|jwt|bearer|authorization)=/i.test(url) ||
  /[=/]eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/.test(url);
