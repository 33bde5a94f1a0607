import type { Id } from '@carpenter/protocol';

/** Fixed for ever: conversations belong to buckets, buckets are moved between databases, never re-hashed. */
export const buckets = 4_096;

/** The last twelve bits of a conversation's id, which are random in a UUIDv7. */
export const bucketOf = (conversationId: Id): number => Number.parseInt(conversationId.slice(-3), 16);
