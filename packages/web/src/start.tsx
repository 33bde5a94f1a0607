import type { Client } from '@carpenter/client';
import { StrictMode } from 'react';
import type { Root } from 'react-dom/client';
import { App } from './App.tsx';
import { followBookmarks } from './bookmarks/marking.ts';
import { ClientContext } from './hooks/client.ts';
import { followClock } from './hooks/clock.ts';
import { followDrafts } from './hooks/drafts.ts';
import { keepWhatWaits } from './hooks/keep.ts';
import { followPreferences } from './hooks/preferences.ts';
import { phoneQuery } from './hooks/surroundings.ts';
import { Mishap } from './parts/Mishap.tsx';

/** A deep link on a phone gets its parent into the history first, so that Back always goes up. */
function putParentFirst(): void {
  const here = location.pathname + location.search;
  if (history.state !== null || here === '/' || !matchMedia(phoneQuery).matches) return;
  history.replaceState({ up: false }, '', '/');
  history.pushState({ up: true }, '', here);
}

/** Shows the page; `main.tsx` gives it the real client. */
export function start(root: Root, client: Client): void {
  putParentFirst();
  followClock(client);
  followPreferences(client);
  followDrafts(client);
  followBookmarks(client);
  keepWhatWaits(client);
  root.render(
    <StrictMode>
      <Mishap>
        <ClientContext value={client}>
          <App />
        </ClientContext>
      </Mishap>
    </StrictMode>,
  );
}
