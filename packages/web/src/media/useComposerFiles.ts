import type { Upload } from '@carpenter/client';
import { fixed, type Id, type SaidOfMedia } from '@carpenter/protocol';
import { type ClipboardEvent, useMemo, useState } from 'react';
import { useClient, useObservable } from '../hooks/client.ts';
import { words } from '../words/words.ts';

export interface ComposerFiles {
  readonly uploads: readonly Upload[];
  /** They can go, now or when they are there: none of them failed. */
  readonly sendable: boolean;
  readonly fault: string | undefined;
  add(files: Iterable<File>, said?: SaidOfMedia): void;
  /** Takes files out of what is pasted; text goes its usual way. */
  paste(event: ClipboardEvent): void;
}

/** The files of one composer. They belong to the library, so they outlive this component, and the page. */
export function useComposerFiles(conversationId: Id): ComposerFiles {
  const client = useClient();
  const all = useObservable(client.uploads);
  const [fault, setFault] = useState<string>();
  const uploads = useMemo(
    () => all.filter(upload => upload.conversationId === conversationId && !upload.inMessage),
    [all, conversationId],
  );
  const add = (files: Iterable<File>, said: SaidOfMedia = {}) => {
    const given = [...files];
    const room = fixed.attachmentsMax - uploads.length;
    setFault(given.length > room ? words.media.tooMany(fixed.attachmentsMax) : undefined);
    for (const file of given.slice(0, room)) {
      sizeOf(file).then(size => client.upload(conversationId, file, { said: { ...size, ...said } }));
    }
  };
  return {
    uploads,
    sendable: uploads.length > 0 && uploads.every(({ status }) => status.is !== 'failed'),
    fault: uploads.length < fixed.attachmentsMax ? undefined : fault,
    add,
    paste(event) {
      const { files } = event.clipboardData;
      if (files.length === 0 || event.clipboardData.types.includes('text/plain')) return;
      event.preventDefault();
      add(files);
    },
  };
}

const patienceMs = 3_000;

/** Width and height of a film, which only a player can tell; nothing where it cannot be played here. */
function sizeOf(file: File): Promise<SaidOfMedia> {
  if (!file.type.startsWith('video/')) return Promise.resolve({});
  const url = URL.createObjectURL(file);
  const film = document.createElement('video');
  film.preload = 'metadata';
  const told = new Promise<SaidOfMedia>(resolve => {
    film.onloadedmetadata = () => {
      const { videoWidth: width, videoHeight: height, duration } = film;
      const durationMs = Number.isFinite(duration) ? Math.round(duration * 1_000) : undefined;
      resolve(width > 0 && height > 0 ? { width, height, ...(durationMs !== undefined && { durationMs }) } : {});
    };
    film.onerror = () => resolve({});
    setTimeout(resolve, patienceMs, {});
  });
  film.src = url;
  return told.finally(() => URL.revokeObjectURL(url));
}
