import { useClient, useMe } from '../hooks/client.ts';
import { Face } from '../parts/Face.tsx';
import { ChoosePicture } from './ChoosePicture.tsx';
import styles from './MyPicture.module.css';

/** My face, and how to give it a picture or take it away. */
export function MyPicture() {
  const client = useClient();
  const me = useMe();
  return (
    <div className={styles.mine}>
      <Face id={me.id} name={me.displayName} size={72} />
      <ChoosePicture chosen={me.pictureId !== undefined} onChange={square => client.setPicture(square)} />
    </div>
  );
}
