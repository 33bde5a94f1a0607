/** A recording under way. */
export interface Recording {
  /** How loud it is at this moment, 0 to 100. */
  level(): number;
  /** Ends it. @returns the sound, its length and its waveform; undefined where nothing was heard */
  stop(): Promise<Recorded | undefined>;
  /** Ends it and forgets it. */
  cancel(): void;
}
export interface Recorded {
  readonly file: File;
  readonly durationMs: number;
  readonly waveform: number[];
}

const types = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];
const everyMs = 50;
const steps = 100;
/** Shorter is a slip of the finger. */
const shortestMs = 500;

/** @throws DOMException: NotAllowedError (the person or the browser said no), NotFoundError (no microphone) */
export async function startRecording(): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const mimeType = types.find(type => MediaRecorder.isTypeSupported(type)) ?? '';
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 32_000 });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => data.size > 0 && parts.push(data);

  const sound = new AudioContext();
  const analyser = sound.createAnalyser();
  analyser.fftSize = 1_024;
  sound.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const level = () => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    return Math.min(100, Math.round(Math.sqrt(power) * 300));
  };
  const levels: number[] = [];
  const timer = setInterval(() => levels.push(level()), everyMs);
  const began = performance.now();
  recorder.start(1_000);

  function end(): void {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    sound.close();
  }
  return {
    level,
    async stop() {
      const durationMs = Math.round(performance.now() - began);
      const stopped = new Promise(resolve => {
        recorder.onstop = resolve;
      });
      recorder.stop();
      await stopped;
      end();
      if (durationMs < shortestMs || parts.length === 0) return undefined;
      const type = recorder.mimeType.split(';', 1)[0] ?? '';
      const file = new File(parts, `voice.${type.split('/').at(-1)}`, { type });
      return { file, durationMs, waveform: waveformOf(levels) };
    },
    cancel() {
      recorder.onstop = null;
      recorder.stop();
      end();
    },
  };
}

/** A hundred steps, the loudest of each share, raised so that a quiet voice is seen too. */
export function waveformOf(levels: readonly number[]): number[] {
  const count = Math.min(steps, levels.length);
  const loudest = Math.max(20, ...levels);
  return Array.from({ length: count }, (_, i) => {
    const share = levels.slice(Math.floor((i * levels.length) / count), Math.floor(((i + 1) * levels.length) / count));
    return Math.round((Math.max(0, ...share) / loudest) * 100);
  });
}
