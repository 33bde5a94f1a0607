import { isIP } from 'node:net';
import { refuse } from '@carpenter/protocol';
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
 * Refuses a request that was sent to a name that is not ours. Anybody can let a name of theirs lead to this machine (DNS rebinding), and
 * their page is then of the same host as we are. Where only this machine can connect and no public address is set, there is no such name.
 * @throws {Refusal} host.unknown
 */
export function checkHost(asked: string | undefined, { host, publicUrl }: Pick<Config, 'host' | 'publicUrl'>): void {
  const here = host === 'localhost' || host === '::1' || host.startsWith('127.');
  if (!here || publicUrl !== undefined || asked === undefined) return; // a browser always says it
  const name = parse(`http://${asked}`)?.hostname ?? '';
  const ours = name === 'localhost' || name.endsWith('.localhost') || isIP(name.replace(/^\[|\]$/g, '')) !== 0;
  if (!ours) refuse('host.unknown', { host: asked.slice(0, 200) });
}

/** A token in an address: by the usual names, or by its looks. Proxies and browsers write addresses down. */
export const holdsToken = (url: string): boolean =>
  /[?&;](access_?token|refresh_?token|id_?token|token|jwt|bearer|authorization)=/i.test(url) ||
  /[=/]eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/.test(url);
