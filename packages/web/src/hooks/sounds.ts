/** Three short sounds, made here: a message, one that is meant for me, and one that I sent. No file, no player, nothing until somebody acted. */
let context: AudioContext | undefined;
const wake = () => {
  context ??= new AudioContext();
  if (context.state === 'suspended') void context.resume();
};
/** Browsers allow sound only after a click or key. */
export const wakeSounds = (): (() => void) => {
  addEventListener('pointerdown', wake, { once: true, capture: true });
  addEventListener('keydown', wake, { once: true, capture: true });
  return () => {
    removeEventListener('pointerdown', wake, { capture: true });
    removeEventListener('keydown', wake, { capture: true });
  };
};

/** A knock on wood: a sine that falls a little and fades at once. */
function knock(audio: AudioContext, at: number, hertz: number) {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.type = 'sine';
  tone.frequency.setValueAtTime(hertz * 1.06, at);
  tone.frequency.exponentialRampToValueAtTime(hertz, at + 0.05);
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.16, at + 0.006);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.16);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + 0.18);
}

const notes = { mention: [587, 784], message: [523], sent: [392] } as const;
const quietMs = 3_000;
let free = true;
/** At most one in 3 s, over all tabs. Without https tabs cannot agree, and each rings for itself. */
async function inTurn(ring: () => void): Promise<void> {
  const take = async () => {
    ring();
    await new Promise(resolve => setTimeout(resolve, quietMs));
  };
  if (navigator.locks)
    return navigator.locks.request('carpenter.sound', { ifAvailable: true }, lock => (lock ? take() : undefined));
  if (!free) return;
  free = false;
  await take();
  free = true;
}

export function play(which: keyof typeof notes): void {
  const audio = context;
  if (audio?.state !== 'running') return; // nor does it take the turn of a tab that may be heard
  void inTurn(() =>
    notes[which].forEach((hertz, i) => {
      knock(audio, audio.currentTime + i * 0.09, hertz);
    }),
  );
}
