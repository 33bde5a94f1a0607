import { useRef, useState } from 'react';
import { Button } from '../parts/Button.tsx';
import { said } from '../words/failures.ts';
import { words } from '../words/words.ts';
import { squareOf } from './square.ts';

interface Props {
  /** There is one, which can be taken away. */
  chosen: boolean;
  /** Undefined: none any more. */
  onChange: (square: Blob | undefined) => Promise<unknown>;
}

/** Gives a face a picture, cut square and small, or takes it away. */
export function ChoosePicture({ chosen, onChange }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);
  const { face } = words.media;
  const change = async (file: File | undefined) => {
    setBusy(true);
    setFault(undefined);
    try {
      const square = file && (await squareOf(file).catch(() => undefined));
      if (file && !square) return setFault(face.none);
      await onChange(square);
    } catch (error) {
      setFault(face.failed(said(error)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <input
        ref={field}
        type="file"
        accept="image/*"
        hidden
        aria-label={face.choose}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) change(file);
          target.value = '';
        }}
      />
      <Button size="small" disabled={busy} onClick={() => field.current?.click()}>
        {face.choose}
      </Button>
      {chosen && (
        <Button size="small" disabled={busy} onClick={() => change(undefined)}>
          {face.remove}
        </Button>
      )}
      {fault && <p role="alert">{fault}</p>}
    </>
  );
}
