import { ArrowLeft } from 'lucide-react';
import { ConnectionBar } from '../conversation/ConnectionBar.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import place from '../parts/Place.module.css';
import { useGo } from '../place.ts';
import { words } from '../words/words.ts';
import { DraftList } from './DraftList.tsx';
import { ScheduledList } from './ScheduledList.tsx';

/** What I have written and is not sent: half written, and waiting for its time. */
export function Later() {
  const go = useGo();
  return (
    <main className={place.place}>
      <header className={place.head}>
        <IconButton icon={ArrowLeft} label={words.app.back} onClick={() => go.up({ at: 'list' })} />
        <h1>{words.later.title}</h1>
      </header>
      <ConnectionBar />
      <div className={place.scroll}>
        <div className={place.column}>
          <ScheduledList />
          <DraftList />
        </div>
      </div>
    </main>
  );
}
