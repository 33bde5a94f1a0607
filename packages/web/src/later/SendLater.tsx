import { Menu } from '@base-ui/react/menu';
import { CalendarClock } from 'lucide-react';
import { useState } from 'react';
import { serverNow } from '../hooks/clock.ts';
import { usePreferences } from '../hooks/preferences.ts';
import { IconButton } from '../parts/IconButton.tsx';
import menu from '../parts/Menu.module.css';
import { comingTime } from '../words/times.ts';
import { words } from '../words/words.ts';
import styles from './Later.module.css';
import { presetsAt } from './presets.ts';
import { WhenDialog } from './WhenDialog.tsx';

interface Props {
  /** @returns why it was refused */
  onSend: (at: Date) => Promise<string | undefined>;
}

/** The button beside "Send": some times that one often wants, and one's own. */
export function SendLater({ onSend }: Props) {
  const { weekStart } = usePreferences();
  const [own, setOwn] = useState<Date>();
  // inside the landmark that it belongs to
  const [place, setPlace] = useState<HTMLElement | null>(null);
  const [now, setNow] = useState(() => new Date(serverNow()));
  const { later } = words;
  const presets = presetsAt(now, weekStart);
  return (
    <>
      <span ref={setPlace} className={styles.menus} />
      <Menu.Root onOpenChange={open => open && setNow(new Date(serverNow()))}>
        <Menu.Trigger render={<IconButton icon={CalendarClock} label={later.send} />} />
        <Menu.Portal container={place}>
          <Menu.Backdrop className={menu.scrim} />
          <Menu.Positioner side="top" align="end" sideOffset={6} positionMethod="fixed" className={menu.layer}>
            <Menu.Popup className={menu.menu} aria-label={later.send}>
              {presets.map(({ name, at }) => (
                <Menu.Item key={name} className={menu.item} onClick={() => void onSend(at)}>
                  {later.presets[name]}
                  <span className={menu.key}>{comingTime(at, now.getTime())}</span>
                </Menu.Item>
              ))}
              <Menu.Item className={menu.item} onClick={() => setOwn(presets[0]?.at ?? new Date(serverNow()))}>
                {later.own}
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {own && (
        <WhenDialog title={later.send} at={own} save={later.set} onSave={onSend} onClose={() => setOwn(undefined)} />
      )}
    </>
  );
}
