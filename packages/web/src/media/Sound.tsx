import type { Attachment } from '@carpenter/protocol';
import { Pause, Play } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, useContext } from 'react';
import { useClient, useObservable } from '../hooks/client.ts';
import { TabStopContext } from '../markdown/names.ts';
import { cx } from '../parts/cx.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { words } from '../words/words.ts';
import { nextSpeed, playing, seek, speed, toggle } from './player.ts';
import { SaveLink } from './SaveLink.tsx';
import styles from './Sound.module.css';
import { barsOf, clockOf } from './sizes.ts';

const bars = 48;
const stepMs = 5_000;

/** A voice message with its waveform, or another piece of sound with its name. */
export function Sound({ sound }: { sound: Attachment }) {
  const client = useClient();
  const stop = useContext(TabStopContext);
  const now = useObservable(playing);
  const times = useObservable(speed);
  const { media } = words;
  const mine = now?.id === sound.id ? now : undefined;
  const totalMs = sound.durationMs ?? mine?.durationMs ?? 0;
  const atMs = Math.min(mine?.atMs ?? 0, totalMs || Number.POSITIVE_INFINITY);
  const done = totalMs > 0 ? atMs / totalMs : 0;
  const voice = sound.kind === 'voice';
  const name = voice ? media.voiceOf(clockOf(totalMs)) : sound.name;
  const heights = barsOf(sound.waveform ?? [], bars);

  const toPart = (part: number) => mine && seek(sound.id, Math.min(Math.max(part, 0), 1) * totalMs);
  const onPointer = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    toPart((event.clientX - left) / width);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const by = event.key === 'ArrowRight' ? stepMs : event.key === 'ArrowLeft' ? -stepMs : 0;
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    toPart((atMs + by) / totalMs);
  };
  return (
    <figure className={styles.sound} aria-label={name}>
      <IconButton
        icon={mine?.going ? Pause : Play}
        label={mine?.going ? media.pause : media.play}
        className={styles.play}
        tabIndex={stop}
        onClick={() => toggle(sound.id, client.mediaUrl(sound.id))}
      />
      <div className={styles.middle}>
        {!voice && (
          <bdi className={styles.name} title={sound.name}>
            {sound.name}
          </bdi>
        )}
        <div
          className={cx(styles.wave, !voice && styles.flat)}
          role="slider"
          tabIndex={stop}
          aria-label={media.seek}
          aria-valuemin={0}
          aria-valuemax={Math.round(totalMs / 1_000)}
          aria-valuenow={Math.round(atMs / 1_000)}
          aria-valuetext={media.position(clockOf(atMs), clockOf(totalMs))}
          onPointerDown={onPointer}
          onKeyDown={onKeyDown}
        >
          {voice ? (
            <svg viewBox={`0 0 ${bars * 4} 28`} preserveAspectRatio="none" aria-hidden="true">
              {heights.map((height, i) => {
                const tall = Math.max(2, (height / 100) * 26);
                return (
                  <rect
                    // biome-ignore lint/suspicious/noArrayIndexKey: bars have no other name.
                    key={i}
                    x={i * 4 + 0.5}
                    y={14 - tall / 2}
                    width={2.5}
                    height={tall}
                    rx={1.25}
                    className={cx((i + 0.5) / bars <= done && styles.heard)}
                  />
                );
              })}
            </svg>
          ) : (
            <span style={{ inlineSize: `${done * 100}%` }} />
          )}
        </div>
      </div>
      <span className={styles.time}>{mine?.failed ? media.silent : clockOf(mine && atMs > 0 ? atMs : totalMs)}</span>
      {voice ? (
        <button
          type="button"
          className={styles.speed}
          tabIndex={stop}
          aria-label={media.speed(times)}
          onClick={nextSpeed}
        >
          {media.times(times)}
        </button>
      ) : (
        <SaveLink file={sound} />
      )}
    </figure>
  );
}
