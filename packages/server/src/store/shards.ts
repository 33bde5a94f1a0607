import type { Id } from '@carpenter/protocol';

/**
 * Conversations belong to 4,096 buckets for ever; buckets are moved between databases, never re-hashed.
 * @returns 0..4095, the last twelve bits of the id, which are random in a UUIDv7
 */
export const bucketOf = (conversationId: Id): number => Number.parseInt(conversationId.slice(-3), 16);
