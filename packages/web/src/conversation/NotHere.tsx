import type { Id } from '@carpenter/protocol';
import { Button } from '../parts/Button.tsx';
import { useGo } from '../place.ts';
import nowhere from '../sidebar/Nowhere.module.css';
import { words } from '../words/words.ts';

/** An address that leads to nothing of mine. */
export function NotHere() {
  const go = useGo();
  return (
    <main className={nowhere.nowhere}>
      <div className={nowhere.middle}>
        <h1>{words.timeline.gone}</h1>
        <p>{words.timeline.goneLead}</p>
        <Button look="main" onClick={() => go.instead({ at: 'list' })}>
          {words.timeline.toList}
        </Button>
      </div>
    </main>
  );
}

/** An address of a message that is not there, or not for me: both sound the same. @param within a conversation of mine it would be in */
export function NoSuchMessage({ within }: { within?: Id }) {
  const go = useGo();
  return (
    <main className={nowhere.nowhere}>
      <div className={nowhere.middle}>
        <h1>{words.timeline.noMessage}</h1>
        <p>{words.timeline.noMessageLead}</p>
        <Button
          look="main"
          onClick={() => go.instead(within ? { at: 'conversation', id: within, details: false } : { at: 'list' })}
        >
          {within ? words.timeline.toConversation : words.timeline.toList}
        </Button>
      </div>
    </main>
  );
}
