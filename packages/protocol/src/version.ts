/** The wire's number; goes up when a client of the former one could misunderstand this one. */
export const protocolVersion = 1;
/** Carpenter's own version. */
export const version = '0.1.0';

/**
 * What became of the wire, newest last. The fingerprint covers every schema, route, refusal and close code, so that no change
 * goes by unseen: test/wire.test.ts names the new one. A released line stays; a change after it gets a line of its own.
 */
export const wireHistory = [
  {
    version: '0.1.0',
    fingerprint: 'da97ca3d6eb417f6',
    change: 'Accounts, conversations, messages, threads, files, search, notifications, sync.',
  },
] as const;
