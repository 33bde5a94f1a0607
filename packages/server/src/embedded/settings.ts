import { totalmem } from 'node:os';
import type { Place } from './place.ts';

const mebibyte = 2 ** 20;
const sharedBuffers = () => Math.min(512, Math.max(128, Math.floor(totalmem() / mebibyte / 8)));

/** What differs from PostgreSQL's own defaults. What makes a commit durable (fsync, synchronous_commit,
 *  full_page_writes, data checksums) stays as it is there: on. */
const settings = ({ sockets }: Place): Record<string, string> => ({
  listen_addresses: '', // no port: the socket's folder is for its owner only
  unix_socket_directories: `"${sockets.replaceAll('"', '""')}"`,
  unix_socket_permissions: '0700',
  dynamic_shared_memory_type: 'mmap', // systemd takes away other kinds when a user logs out
  max_connections: '200', // several nodes on one laptop
  shared_buffers: `${sharedBuffers()}MB`,
  wal_compression: 'on',
  jit: 'off', // not in these binaries
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_error_verbosity: 'terse', // DETAIL would quote rows, and with them what people wrote
});

export const serverArguments = (place: Place): string[] => [
  '-D',
  place.data,
  ...Object.entries(settings(place)).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
];

/** No host lines: only the socket. Collation by code point, case by Unicode, whatever the machine's locale. */
export const initArguments = (data: string): string[] => [
  ...['-D', data, '-U', 'carpenter', '-E', 'UTF8', '--auth-local=trust', '--auth-host=reject'],
  ...['--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
];
