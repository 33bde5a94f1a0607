import { attachment } from '@carpenter/protocol';
import { z } from 'zod';

// What is said between us and the process that looks at files (look.ts): parsed on both sides, as what it looks at may have broken it.

export const job = z.object({
  files: z.object({ input: z.string(), output: z.string(), small: z.string(), maxPixels: z.number() }),
  /** What its uploader calls it. */
  claimed: z.string(),
  said: z.object({ voice: z.boolean().optional() }),
});
export type Job = z.infer<typeof job>;

const looked = attachment
  .pick({ kind: true, mediaType: true, width: true, height: true, animated: true, blur: true })
  /** There is an output beside the input, and a small picture. */
  .extend({ written: z.boolean() });
export type Looked = z.infer<typeof looked>;

export const answer = z.union([
  z.object({ looked }),
  z.object({ refused: z.object({ code: z.string(), details: z.record(z.string(), z.unknown()) }) }),
  z.object({ failed: z.string() }),
]);
export type Answer = z.infer<typeof answer>;
