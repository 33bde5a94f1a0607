import type { ConversationRow } from '@carpenter/client';
import type { Id } from '@carpenter/protocol';
import { useRef } from 'react';

/** Rows in the order they had when somebody's pointer or focus came into the list; new ones go to the end until it leaves. */
export function settle(rows: readonly ConversationRow[], order: readonly Id[]): readonly ConversationRow[] {
  const place = new Map(order.map((id, index) => [id, index]));
  const placeOf = (row: ConversationRow) => place.get(row.id) ?? order.length;
  return rows.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** Nothing moves under a pointer: the order settles when it has left. */
export function useSettledRows(rows: readonly ConversationRow[], busy: boolean): readonly ConversationRow[] {
  const order = useRef<readonly Id[]>([]);
  if (!busy) order.current = rows.map(row => row.id);
  return busy ? settle(rows, order.current) : rows;
}
