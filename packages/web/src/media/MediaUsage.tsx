import { useEffect, useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { words } from '../words/words.ts';
import styles from './MediaUsage.module.css';

/** How much room my files take; nothing while nobody knows. */
export function MediaUsage() {
  const client = useClient();
  const [usage, setUsage] = useState<{ usedBytes: number; quotaBytes: number }>();
  useEffect(() => {
    client.mediaUsage().then(setUsage, () => {}); // it is only for information
  }, [client]);
  if (!usage) return null;
  const { size, usage: said } = words.media;
  return (
    <p className={styles.usage}>
      <span>{said(size(usage.usedBytes), size(usage.quotaBytes))}</span>
      <meter
        min={0}
        max={usage.quotaBytes}
        high={usage.quotaBytes * 0.9}
        value={usage.usedBytes}
        aria-label={said(size(usage.usedBytes), size(usage.quotaBytes))}
      />
    </p>
  );
}
