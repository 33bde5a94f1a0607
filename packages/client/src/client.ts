import type { Client, ClientOptions } from './types.ts';

/** One account's view of one server. Nothing happens before this call; it restores the login of last time by itself. */
export function createClient(options: ClientOptions): Client {
  throw new Error(`Not yet: ${options.url}`);
}
