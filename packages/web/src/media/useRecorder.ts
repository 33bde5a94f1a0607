import { useCallback, useEffect, useRef, useState } from 'react';
import { words } from '../words/words.ts';
import { type Recorded, type Recording, startRecording } from './record.ts';

export interface Recorder {
  /** Since when it is recording (ms); undefined: it is not. */
  readonly since: number | undefined;
  readonly fault: string | undefined;
  level(): number;
  start(): Promise<void>;
  /** Ends it and hands it on. */
  finish(): Promise<void>;
  cancel(): void;
}

/** One recording at a time; whoever leaves throws it away. */
export function useRecorder(onRecorded: (recorded: Recorded) => void): Recorder {
  const [since, setSince] = useState<number>();
  const [fault, setFault] = useState<string>();
  const running = useRef<Recording>(undefined);
  const starting = useRef(false);
  useEffect(() => () => running.current?.cancel(), []);
  const level = useCallback(() => running.current?.level() ?? 0, []);
  const end = () => {
    const recording = running.current;
    running.current = undefined;
    setSince(undefined);
    return recording;
  };
  return {
    since,
    fault,
    level,
    async start() {
      if (running.current || starting.current) return;
      starting.current = true;
      try {
        running.current = await startRecording();
        setFault(undefined);
        setSince(Date.now());
      } catch (error) {
        const denied = error instanceof DOMException && error.name === 'NotAllowedError';
        setFault(denied ? words.media.record.denied : words.media.record.none);
      } finally {
        starting.current = false;
      }
    },
    async finish() {
      const recorded = await end()?.stop();
      if (recorded) onRecorded(recorded);
    },
    cancel() {
      end()?.cancel();
    },
  };
}
