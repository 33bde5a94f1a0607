import { PanelLeftClose, PanelLeftOpen, SquarePen } from 'lucide-react';
import { ConnectionBar } from '../conversation/ConnectionBar.tsx';
import { useClient, useObservable } from '../hooks/client.ts';
import { toggleRail, useRail } from '../hooks/rail.ts';
import { usePhone } from '../hooks/surroundings.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { Logo } from '../parts/Logo.tsx';
import type { Place } from '../place.ts';
import { ReportsLink } from '../safety/ReportsLink.tsx';
import { ThreadLinks } from '../thread/ThreadLinks.tsx';
import { words } from '../words/words.ts';
import list from './ConversationList.module.css';
import { ConversationList } from './ConversationList.tsx';
import { EmptyList } from './EmptyList.tsx';
import { Find } from './Find.tsx';
import { MyRow } from './MyRow.tsx';
import { OwnLinks } from './OwnLinks.tsx';
import styles from './Sidebar.module.css';
import { TabBar } from './TabBar.tsx';

interface Props {
  place: Place;
  hidden: boolean;
  onBegin: () => void;
  onFind: () => void;
}

/** Who and what one talks with, and the way to begin something new. */
export function Sidebar({ place, hidden, onBegin, onFind }: Props) {
  const rows = useObservable(useClient().conversations);
  const phone = usePhone();
  const rail = useRail();
  return (
    <div className={styles.side} hidden={hidden} data-rail={rail || undefined}>
      <header className={styles.head}>
        <Logo size={24} />
        {phone ? (
          <h1>{words.app.name}</h1>
        ) : (
          <span className={styles.brand} data-beside>
            {words.app.name}
          </span>
        )}
        {!phone && (
          <IconButton
            icon={rail ? PanelLeftOpen : PanelLeftClose}
            label={rail ? words.list.wide : words.list.narrow}
            keys="Control+\"
            onClick={toggleRail}
          />
        )}
        <IconButton icon={SquarePen} label={words.list.begin} onClick={onBegin} />
      </header>
      {phone && <ConnectionBar />}
      <Find onFind={onFind} />
      <nav id="conversations" className={styles.scroll} aria-label={words.list.label}>
        <ThreadLinks place={place} />
        <OwnLinks place={place} />
        <ReportsLink here={place.at === 'reports'} />
        {!rows && <Waiting />}
        {rows?.length === 0 && <EmptyList onBegin={onBegin} />}
        {rows && rows.length > 0 && <ConversationList rows={rows} place={place} kept />}
      </nav>
      {phone ? <TabBar here="chats" /> : <MyRow here={place.at === 'settings'} />}
    </div>
  );
}

function Waiting() {
  return (
    <div className={list.waiting} role="status" aria-label={words.app.opening}>
      {[0, 1, 2, 3].map(row => (
        <span key={row} />
      ))}
    </div>
  );
}
