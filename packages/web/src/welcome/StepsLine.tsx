import type { Id } from '@carpenter/protocol';
import { X } from 'lucide-react';
import { useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { useTry } from '../hooks/useTry.ts';
import { Button } from '../parts/Button.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { Modal } from '../parts/Modal.tsx';
import { words } from '../words/words.ts';
import styles from './FirstSteps.module.css';
import { FirstSteps } from './FirstSteps.tsx';
import type { Step } from './useSteps.ts';

/** The first steps in a line over the field, where others have written so much that the beginning is out of sight. */
export function StepsLine({ steps, id }: { steps: readonly Step[]; id: Id }) {
  const client = useClient();
  const [open, setOpen] = useState(false);
  const [failed, attempt] = useTry();
  const { welcome } = words;
  return (
    <section className={styles.line} aria-label={welcome.label}>
      <p>{failed ?? welcome.left(steps.filter(({ done }) => !done).length)}</p>
      <Button size="small" look="main" onClick={() => setOpen(true)}>
        {welcome.show}
      </Button>
      <IconButton
        small
        icon={X}
        label={welcome.away}
        onClick={() => attempt(() => client.personal.prefer({ firstSteps: false }))}
      />
      {open && (
        <Modal title={welcome.label} onClose={() => setOpen(false)}>
          <FirstSteps steps={steps} id={id} />
        </Modal>
      )}
    </section>
  );
}
