import { Plus } from 'lucide-react';
import { useRef } from 'react';
import { IconButton } from '../parts/IconButton.tsx';
import { words } from '../words/words.ts';
import type { ComposerFiles } from './useComposerFiles.ts';

/** Chooses files of this device. */
export function AddFiles({ files }: { files: ComposerFiles }) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={field}
        type="file"
        multiple
        hidden
        aria-label={words.media.add}
        onChange={({ target }) => {
          files.add(target.files ?? []);
          target.value = ''; // the same file may be chosen again
        }}
      />
      <IconButton icon={Plus} label={words.media.add} onClick={() => field.current?.click()} />
    </>
  );
}
