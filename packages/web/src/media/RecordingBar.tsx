import { ArrowUp, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useDeviceNow } from '../hooks/clock.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { words } from '../words/words.ts';
import styles from './RecordingBar.module.css';
import { clockOf } from './sizes.ts';
import type { Recorder } from './useRecorder.ts';

const shown = 48;

/** Stands in place of the field while one speaks: how long, how loud, and the two ways to end it. */
export function RecordingBar({ recorder, since }: { recorder: Recorder; since: number }) {
  const now = useDeviceNow(250);
  const [levels, setLevels] = useState<readonly number[]>([]);
  const box = useRef<HTMLFieldSetElement>(null);
  const { record } = words.media;
  const { level } = recorder;
  useEffect(() => {
    box.current?.focus();
  }, []);
  useEffect(() => {
    const timer = setInterval(() => setLevels(before => [...before.slice(1 - shown), level()]), 100);
    return () => clearInterval(timer);
  }, [level]);
  const time = clockOf(Math.max(0, now - since));
  return (
    <fieldset
      ref={box}
      className={styles.bar}
      tabIndex={-1}
      aria-label={record.recording(time)}
      onKeyDown={event => {
        if (event.key === 'Escape') recorder.cancel();
        else if (event.key === 'Enter' && event.target === box.current) recorder.finish();
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <IconButton icon={Trash2} label={record.cancel} keys="Escape" onClick={recorder.cancel} />
      <span className={styles.dot} aria-hidden="true" />
      <span className={styles.time}>{time}</span>
      <svg className={styles.wave} viewBox={`0 0 ${shown * 4} 28`} preserveAspectRatio="none" aria-hidden="true">
        {levels.map((loud, i) => {
          const tall = Math.max(2, (Math.min(100, loud) / 100) * 26);
          const x = (shown - levels.length + i) * 4 + 0.5;
          // biome-ignore lint/suspicious/noArrayIndexKey: bars have no other name.
          return <rect key={i} x={x} y={14 - tall / 2} width={2.5} height={tall} rx={1.25} />;
        })}
      </svg>
      <IconButton icon={ArrowUp} label={record.send} keys="Enter" className={styles.send} onClick={recorder.finish} />
    </fieldset>
  );
}
