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
