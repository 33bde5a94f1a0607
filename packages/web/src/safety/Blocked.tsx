import { Button } from '../parts/Button.tsx';
import { words } from '../words/words.ts';
import styles from './Blocked.module.css';

/** In place of what somebody wrote whom one has blocked. */
export function Blocked({ onShow }: { onShow: () => void }) {
  return (
    <p className={styles.line}>
      {words.safety.blockedMessage}{' '}
      <Button look="link" onClick={onShow}>
        {words.safety.show}
      </Button>
    </p>
  );
}
