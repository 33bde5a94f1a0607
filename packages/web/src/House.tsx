import { useState } from 'react';
import { Bookmarks } from './bookmarks/Bookmarks.tsx';
import { Channels } from './channels/Channels.tsx';
import { ConversationPlace } from './conversation/ConversationPlace.tsx';
import styles from './House.module.css';
import { useClient, useObservable } from './hooks/client.ts';
import { phoneQuery, useMedia } from './hooks/surroundings.ts';
import { useAwayWhenIdle } from './hooks/useAwayWhenIdle.ts';
import { useBackToast } from './hooks/useBackToast.ts';
import { useShortcuts } from './hooks/useShortcuts.ts';
import { useTabTitle } from './hooks/useTabTitle.ts';
import { Later } from './later/Later.tsx';
import { DeliveryPlace } from './notify/DeliveryPlace.tsx';
import { useNotifications } from './notify/useNotifications.ts';
import { useSentSound } from './notify/useSentSound.ts';
import { WhyDialog } from './notify/WhyDialog.tsx';
import { Palette } from './palette/Palette.tsx';
import { usePlace } from './place.ts';
import { Reports } from './reports/Reports.tsx';
import { SkipLinks } from './SkipLinks.tsx';
import { ReportDialog } from './safety/ReportDialog.tsx';
import { SearchPlace } from './search/SearchPlace.tsx';
import { Settings } from './settings/Settings.tsx';
import { Shortcuts } from './settings/Shortcuts.tsx';
import { Begin } from './sidebar/begin/Begin.tsx';
import { Nowhere } from './sidebar/Nowhere.tsx';
import { Sidebar } from './sidebar/Sidebar.tsx';
import { Mentions } from './thread/Mentions.tsx';
import { Threads } from './thread/Threads.tsx';

/** The signed-in part: the list beside the place one is at; on the phone one of both. */
export function House() {
  const place = usePlace();
  const phone = useMedia(phoneQuery);
  const rows = useObservable(useClient().conversations);
  const [open, setOpen] = useState<'begin' | 'shortcuts' | 'palette'>();
  useShortcuts(place, rows ?? [], { shortcuts: () => setOpen('shortcuts'), palette: () => setOpen('palette') });
  useTabTitle(place, rows ?? []);
  useNotifications(place);
  useSentSound();
  useAwayWhenIdle();
  useBackToast();
  return (
    <div className={styles.house} data-at={place.at}>
      <SkipLinks place={place} />
      <Sidebar
        place={place}
        hidden={phone && place.at !== 'list'}
        onBegin={() => setOpen('begin')}
        onFind={() => setOpen('palette')}
      />
      {place.at === 'conversation' && <ConversationPlace key={place.id} place={place} />}
      {place.at === 'threads' && <Threads />}
      {place.at === 'mentions' && <Mentions />}
      {place.at === 'channels' && <Channels onBegin={() => setOpen('begin')} />}
      {place.at === 'reports' && <Reports />}
      {place.at === 'deliveries' && <DeliveryPlace />}
      {place.at === 'search' && <SearchPlace place={place} />}
      {place.at === 'later' && <Later />}
      {place.at === 'bookmarks' && <Bookmarks />}
      {place.at === 'settings' && <Settings section={place.section} onShortcuts={() => setOpen('shortcuts')} />}
      {place.at === 'list' && !phone && <Nowhere onBegin={() => setOpen('begin')} />}
      <ReportDialog />
      <WhyDialog />
      {open === 'begin' && <Begin onClose={() => setOpen(undefined)} />}
      {open === 'palette' && (
        <Palette
          place={place}
          onClose={() => setOpen(undefined)}
          onBegin={() => setOpen('begin')}
          onShortcuts={() => setOpen('shortcuts')}
        />
      )}
      {open === 'shortcuts' && <Shortcuts onClose={() => setOpen(undefined)} />}
    </div>
  );
}
