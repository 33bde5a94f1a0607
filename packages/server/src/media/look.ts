import { Refusal } from '@carpenter/protocol';
import { type Answer, job, type Looked } from './job.ts';
import { preparePicture } from './picture.ts';
import { sniff } from './sniff.ts';

// A process of its own, the only one that reads into what strangers send: if a file breaks its memory or eats it up, this
// one ends and the chat goes on. `looking.ts` starts and watches it.

async function look(asked: unknown): Promise<Looked> {
  const { files, claimed, said } = job.parse(asked);
  const sniffed = await sniff(files.input, claimed, said);
  if (sniffed.kind !== 'image') return { ...sniffed, written: false };
  return { ...sniffed, ...(await preparePicture(sniffed.mediaType, files)), written: true };
}

process.on('message', asked => {
  look(asked)
    .then((looked): Answer => ({ looked }))
    .catch(
      (error: unknown): Answer =>
        error instanceof Refusal
          ? { refused: { code: error.code, details: { ...error.details } } }
          : { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) },
    )
    .then(answer => process.send?.(answer));
});
process.on('disconnect', () => process.exit()); // whoever asked is gone
