import { Mic } from 'lucide-react';
import { type PointerEvent, useRef } from 'react';
import { IconButton } from '../parts/IconButton.tsx';
import { words } from '../words/words.ts';
import type { Recorder } from './useRecorder.ts';

const holdMs = 350;
/** Sliding so far away throws it away. */
const awayPx = 90;

/** A click begins a recording; held, it goes on until it is let go, and sliding away throws it away. */
export function RecordButton({ recorder }: { recorder: Recorder }) {
  const pressed = useRef<{ at: number; x: number; y: number }>(undefined);
  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    pressed.current = { at: Date.now(), x: event.clientX, y: event.clientY };
    // The button goes while one records: the rest of the gesture is heard by the window.
    const up = ({ clientX, clientY }: globalThis.PointerEvent) => {
      removeEventListener('pointerup', up);
      const began = pressed.current;
      if (!began || Date.now() - began.at < holdMs) return;
      if (Math.hypot(clientX - began.x, clientY - began.y) > awayPx) recorder.cancel();
      else recorder.finish();
    };
    addEventListener('pointerup', up);
    recorder.start();
  };
  return (
    <IconButton
      icon={Mic}
      label={words.media.record.start}
      onPointerDown={down}
      onKeyDown={event => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        recorder.start();
      }}
    />
  );
}
