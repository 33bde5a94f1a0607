import type { Command } from '@carpenter/protocol';

/**
 * Bytes that are kept free for the answer of a command while it is under way, so that what was asked for never fills the memory
 * of the node, nor ends who asked. A page holds up to 128 Ki characters, a message some ten thousand.
 * @param size  of the command itself, in bytes
 */
export function reservationOf({ type }: Command, size: number): number {
  switch (type) {
    case 'sync':
    case 'heads':
      return 256 * 1024;
    case 'message.edit':
    case 'message.delete':
    case 'reaction.add':
    case 'reaction.remove':
    case 'poll.vote':
      return 64 * 1024;
    case 'message.send':
      return 2 * size + 1_024; // its ack says it again, and what was found in it
    default:
      return 256;
  }
}
