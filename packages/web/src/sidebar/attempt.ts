import { ClientError } from '@carpenter/client';
import { showToast } from '../parts/toasts.ts';
import { said } from '../words/failures.ts';
import { words } from '../words/words.ts';

/** For what has no room for a sentence, a menu or a key: why it did not work is told in passing. */
export async function attempt(act: () => unknown): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    showToast({ text: words.keep.failed(said(error)) });
  }
}
