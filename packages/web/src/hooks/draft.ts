import type { Id, Seq, Unsent } from '@carpenter/protocol';

/** What is written and not sent: in the composer, and in the message that is being changed. */
export interface Draft {
  readonly text: string;
  /** The message that it answers. */
  readonly replyTo?: Seq;
  /** Its files, once they are uploaded. */
  readonly attachments?: readonly Id[];
  /** Of this device alone. */
  readonly edit?: { readonly seq: Seq; readonly text: string };
}

/** As it is kept here. */
export interface Kept extends Draft {
  readonly writtenAt?: string;
  /** The server does not have it yet, as far as is known here. */
  readonly unsynced?: true;
}

/** What of it is the same on all devices. */
export type Shared = Omit<Draft, 'edit'>;

export const none: Draft = { text: '' };

export const filesOf = ({ attachments = [] }: Shared | Unsent): readonly Id[] => attachments;

export const sharedOf = (draft: Shared | Unsent): { text: string; replyTo?: Seq; attachments?: Id[] } => ({
  text: draft.text,
  ...(draft.replyTo !== undefined && { replyTo: draft.replyTo }),
  ...(filesOf(draft).length > 0 && { attachments: [...filesOf(draft)] }),
});

export const same = (a: Shared | Unsent, b: Shared | Unsent): boolean =>
  a.text === b.text && a.replyTo === b.replyTo && filesOf(a).join() === filesOf(b).join();

export const isEmpty = (draft: Draft | Unsent): boolean => same(draft, none) && !('edit' in draft && draft.edit);

/** There is something in it to go on with. */
export const isWritten = (draft: Draft): boolean => draft.text.trim() !== '' || filesOf(draft).length > 0;

/** What an earlier page kept; undefined: that was no draft. */
export function parseDraft(found: unknown): Kept | undefined {
  if (typeof found !== 'object' || found === null || !('text' in found) || typeof found.text !== 'string') return;
  const has = (name: string): unknown => Reflect.get(found, name);
  const [edit, replyTo, attachments, writtenAt] = [has('edit'), has('replyTo'), has('attachments'), has('writtenAt')];
  const isEdit = typeof edit === 'object' && edit !== null && 'seq' in edit && 'text' in edit;
  return {
    text: found.text,
    ...(typeof replyTo === 'number' && { replyTo }),
    ...(Array.isArray(attachments) && { attachments: attachments.filter(id => typeof id === 'string') }),
    ...(isEdit &&
      typeof edit.seq === 'number' &&
      typeof edit.text === 'string' && { edit: { seq: edit.seq, text: edit.text } }),
    ...(typeof writtenAt === 'string' && { writtenAt }),
    ...(has('unsynced') === true && { unsynced: true as const }),
  };
}
