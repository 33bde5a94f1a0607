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

/** A token in an address: by the usual names, or by its looks. Proxies and browsers write addresses down. */
export const holdsToken = (url: string): boolean =>
  /[?&;](access_?token|refresh_?token|id_?token|token|jwt|bearer|authorization)=/i.test(url) ||
  /[=/]eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/.test(url);
