import { Modal } from '../parts/Modal.tsx';
import { words } from '../words/words.ts';
import styles from './Settings.module.css';

export function Shortcuts({ onClose }: { onClose: () => void }) {
  return (
    <Modal title={words.shortcuts.title} onClose={onClose}>
      <dl className={styles.keys}>
        {words.shortcuts.rows.map(({ keys, does }) => (
          <Row key={keys} keys={keys} does={does} />
        ))}
      </dl>
    </Modal>
  );
}

const Row = ({ keys, does }: { keys: string; does: string }) => (
  <>
    <dt>
      <kbd>{keys}</kbd>
    </dt>
    <dd>{does}</dd>
  </>
);
