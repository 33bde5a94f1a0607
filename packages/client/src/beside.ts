import type { CommandOf } from '@carpenter/protocol';
import type { Beside } from './types/messages.ts';

type Sent = Pick<
  CommandOf<'message.send'>,
  'replyTo' | 'attachments' | 'poll' | 'forward' | 'alsoInParent' | 'preview'
>;

/** As it travels. */
export const besideOf = ({ attachments, uploads: _, poll, ...rest }: Beside = {}): Sent => ({
  ...rest,
  ...(attachments && { attachments: [...attachments] }),
  ...(poll && { poll: { options: [...poll.options], multiple: poll.multiple } }),
});
