import type { MouseEvent } from 'react';
import { usePreferences } from '../hooks/preferences.ts';
import { Modal } from '../parts/Modal.tsx';
import { addressOf, type Place, useGo } from '../place.ts';
import { words } from '../words/words.ts';
import styles from './Shortcuts.module.css';
import { shortcutGroups } from './shortcutList.ts';

const writing: Place = { at: 'settings', section: 'writing' };

/** Every key that does something. */
export function Shortcuts({ onClose }: { onClose: () => void }) {
  const preferences = usePreferences();
  const go = useGo();
  const toSettings = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    onClose();
    go.to(writing);
  };
  return (
    <Modal title={words.shortcuts.title} onClose={onClose}>
      {shortcutGroups(preferences).map(({ title, rows }) => (
        <section key={title} className={styles.group}>
          <h3>{title}</h3>
          <dl>
            {rows.map(({ keys, does }) => (
              <div key={keys}>
                <dt>
                  <kbd>{keys}</kbd>
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <p className={styles.note}>
        <a href={addressOf(writing)} onClick={toSettings}>
          {preferences.singleKeys ? words.shortcuts.singleOn : words.shortcuts.singleOff}
        </a>
      </p>
    </Modal>
  );
}
