import type { Id, Message, Receipt } from '@carpenter/protocol';
import type { StoredMessage } from '../types/messages.ts';

/** How far a stored message of mine has come, by the marks of the others. */
export function statusOf(
  message: Message,
  receipts: ReadonlyMap<Id, Receipt>,
  me: Id,
): NonNullable<StoredMessage['status']> {
  const others = [...receipts.values()].filter(r => r.userId !== me);
  const by = others.filter(r => r.readSeq >= message.seq).map(r => r.userId);
  const onDeviceOf = others.filter(r => r.deliveredSeq >= message.seq).map(r => r.userId);
  return by.length > 0 ? { is: 'read', by, onDeviceOf } : { is: 'delivered', onDeviceOf };
}

export const sameStatus = (a: StoredMessage['status'], b: StoredMessage['status']): boolean =>
  a === b ||
  (a !== undefined &&
    b !== undefined &&
    a.is === b.is &&
    sameIds(a.onDeviceOf, b.onDeviceOf) &&
    sameIds(a.is === 'read' ? a.by : none, b.is === 'read' ? b.by : none));

const none: readonly Id[] = [];
const sameIds = (a: readonly Id[], b: readonly Id[]): boolean =>
  a.length === b.length && a.every((id, i) => id === b[i]);
