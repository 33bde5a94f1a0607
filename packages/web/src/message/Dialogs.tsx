import type { ConversationHandle, StoredMessage } from '@carpenter/client';
import { Modal } from '../parts/Modal.tsx';
import { words } from '../words/words.ts';
import { EditHistory } from './EditHistory.tsx';
import { ForwardDialog } from './ForwardDialog.tsx';
import { Choosers } from './PeopleList.tsx';

export interface Opened {
  readonly kind: 'reactions' | 'votes' | 'history' | 'forward';
  readonly entry: StoredMessage;
}

interface Props {
  handle: ConversationHandle;
  opened: Opened | undefined;
  onClose: () => void;
}

/** What is opened about one message. */
export function Dialogs({ handle, opened, onClose }: Props) {
  if (!opened) return null;
  const { kind, entry } = opened;
  const { seq, reactions = [], poll } = entry.message;
  switch (kind) {
    case 'history':
      return <EditHistory handle={handle} entry={entry} onClose={onClose} />;
    case 'forward':
      return <ForwardDialog handle={handle} entry={entry} onClose={onClose} />;
    case 'reactions':
      return (
        <Modal title={words.reaction.title} onClose={onClose}>
          <Choosers
            choices={reactions.map(({ emoji, count }) => ({
              key: emoji,
              label: emoji,
              count,
              page: cursor => handle.reactedBy(seq, emoji, cursor),
            }))}
          />
        </Modal>
      );
    case 'votes':
      return (
        <Modal title={words.poll.who} onClose={onClose}>
          <Choosers
            choices={(poll?.options ?? []).flatMap(({ text, count }, option) =>
              count === 0
                ? []
                : [{ key: String(option), label: text, count, page: cursor => handle.votedBy(seq, option, cursor) }],
            )}
          />
        </Modal>
      );
  }
}
