import { ClientError } from '@carpenter/client';
import { useState } from 'react';
import { said } from '../words/failures.ts';
import { words } from '../words/words.ts';

/** Runs what may be refused, and keeps the sentence that says why it was. */
export function useTry(): [failed: string | undefined, attempt: (act: () => Promise<unknown>) => Promise<boolean>] {
  const [failed, setFailed] = useState<string>();
  const attempt = async (act: () => Promise<unknown>) => {
    setFailed(undefined);
    try {
      await act();
      return true;
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      setFailed(words.details.failed(said(error)));
      return false;
    }
  };
  return [failed, attempt];
}
