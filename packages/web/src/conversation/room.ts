import type { ConversationHandle, StoredMessage } from '@carpenter/client';
import type { Id, Seq } from '@carpenter/protocol';
import { createContext, useContext } from 'react';
import type { Opened } from '../message/Dialogs.tsx';
import type { MessageItem } from './items.ts';

/** What every row of one open conversation needs to know. */
export interface Room {
  readonly handle: ConversationHandle;
  readonly title: string;
  readonly me: Id;
  readonly nameOf: (id: Id | undefined) => string;
  /** Bubbles: the side says who. Rows: the name says who. Compact: one line each. */
  readonly layout: 'bubbles' | 'rows' | 'compact';
  /** My message that is being changed. */
  readonly editing: Seq | undefined;
  readonly edit: (seq: Seq | undefined) => void;
  /** Puts a text back into the composer, before what stands there. */
  readonly write: (text: string) => void;
  /** What is written next answers this message. */
  readonly reply: (seq: Seq) => void;
  readonly openMenu: (item: MessageItem, anchor: HTMLElement) => void;
  /** All emoji, beside `anchor`, to react with. */
  readonly openEmoji: (entry: StoredMessage, anchor: HTMLElement) => void;
  readonly open: (what: Opened) => void;
  /** Brings a message into view, wherever it is. */
  readonly jump: (seq: Seq) => void;
  /** The thread of a message; missing in threads, where there are none. */
  readonly openThread?: ((seq: Seq) => void) | undefined;
  /** The address of a message, to be handed on. */
  readonly addressOf: (seq: Seq) => string;
  /** What is in view does not count as read any more, until this is opened again. */
  readonly stopReading: () => void;
}

/** How many messages there are. Not of the room: it grows with each, and what rows show does not change by that. */
export const LastSeqContext = createContext<Seq>(0);

export const RoomContext = createContext<Room | undefined>(undefined);
export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error('RoomContext is missing above this component.');
  return room;
}
