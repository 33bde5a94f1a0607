import { useRef, useState } from 'react';
import { useClient, useMe } from '../hooks/client.ts';
import { Button } from '../parts/Button.tsx';
import { Face } from '../parts/Face.tsx';
import { said } from '../words/failures.ts';
import { words } from '../words/words.ts';
import styles from './MyPicture.module.css';
import { squareOf } from './square.ts';

/** My face, and how to give it a picture or take it away. */
export function MyPicture() {
  const client = useClient();
  const me = useMe();
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
      await client.setPicture(square);
    } catch (error) {
      setFault(face.failed(said(error)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={styles.mine}>
      <Face id={me.id} name={me.displayName} size={72} />
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
      {me.pictureId !== undefined && (
        <Button size="small" disabled={busy} onClick={() => change(undefined)}>
          {face.remove}
        </Button>
      )}
      {fault && <p role="alert">{fault}</p>}
    </div>
  );
}
