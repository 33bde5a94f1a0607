import { useContext, useState, useSyncExternalStore } from 'react';
import { ClientContext } from '../hooks/client.ts';
import styles from './FacePicture.module.css';

/** The picture that somebody has chosen for themselves, over their initials. */
export function FacePicture({ id }: { id: string }) {
  const client = useContext(ClientContext);
  const users = client?.users;
  const pictureId = useSyncExternalStore(users?.subscribe ?? nobody, () => users?.get().get(id)?.pictureId);
  return <PictureOver pictureId={pictureId} />;
}

/** A picture over what stands there otherwise; nothing where there is none, or it does not come. */
export function PictureOver({ pictureId }: { pictureId: string | undefined }) {
  const client = useContext(ClientContext);
  const [failed, setFailed] = useState<string>();
  if (!client || pictureId === undefined || pictureId === failed) return null;
  return (
    <img
      className={styles.picture}
      src={client.mediaUrl(pictureId)}
      alt=""
      decoding="async"
      draggable={false}
      onError={() => setFailed(pictureId)}
    />
  );
}

const nobody = () => () => {};
