import { Refusal, type SaidOfMedia } from '@carpenter/protocol';
import { type Measured, type PictureFiles, preparePicture } from './picture.ts';
import { type Sniffed, sniff } from './sniff.ts';

// A process of its own, the only one that reads into what strangers send: if a file breaks its memory or eats it up, this
// one ends and the chat goes on. `looking.ts` starts and watches it.

export interface Job {
  readonly files: PictureFiles;
  /** What its uploader calls it. */
  readonly claimed: string;
  readonly said: SaidOfMedia;
}
/** `written`: there is an output beside the input, and a small picture. */
export type Looked = Sniffed & Partial<Measured> & { readonly written: boolean };
export type Answer =
  | { readonly looked: Looked }
  | { readonly refused: { readonly code: string; readonly details: object } }
  | { readonly failed: string };

async function look({ files, claimed, said }: Job): Promise<Looked> {
  const sniffed = await sniff(files.input, claimed, said);
  if (sniffed.kind !== 'image') return { ...sniffed, written: false };
  return { ...sniffed, ...(await preparePicture(sniffed.mediaType, files)), written: true };
}

process.on('message', (job: Job) => {
  look(job)
    .then((looked): Answer => ({ looked }))
    .catch(
      (error: unknown): Answer =>
        error instanceof Refusal
          ? { refused: { code: error.code, details: error.details } }
          : { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) },
    )
    .then(answer => process.send?.(answer));
});
process.on('disconnect', () => process.exit()); // whoever asked is gone
