import { Smile } from 'lucide-react';
import { type RefObject, useState } from 'react';
import { EmojiPopover } from '../emoji/EmojiPopover.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { words } from '../words/words.ts';
import { typeInto } from './typing.ts';

/** All emoji, for what is being written. */
export function EmojiButton({ field }: { field: RefObject<HTMLTextAreaElement | null> }) {
  const [anchor, setAnchor] = useState<HTMLElement>();
  const close = () => {
    setAnchor(undefined);
    field.current?.focus();
  };
  return (
    <>
      <IconButton
        icon={Smile}
        label={words.composer.emoji}
        aria-expanded={anchor !== undefined}
        onClick={event => setAnchor(event.currentTarget)}
      />
      {anchor && (
        <EmojiPopover
          anchor={anchor}
          onClose={close}
          onPick={sign => {
            const element = field.current;
            if (element) typeInto(element, element.selectionStart, element.selectionEnd, sign);
          }}
        />
      )}
    </>
  );
}
