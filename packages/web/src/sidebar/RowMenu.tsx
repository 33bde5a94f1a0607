import { Menu } from '@base-ui/react/menu';
import type { ConversationRow } from '@carpenter/client';
import { forever, type NotifyLevel } from '@carpenter/protocol';
import {
  Archive,
  ArchiveRestore,
  ArrowDown,
  ArrowUp,
  Bell,
  BellOff,
  Check,
  ChevronRight,
  FolderInput,
  LogOut,
  MailCheck,
  MailOpen,
  Pin,
  PinOff,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useClient, useObservable } from '../hooks/client.ts';
import { serverNow } from '../hooks/clock.ts';
import { cx } from '../parts/cx.ts';
import styles from '../parts/Menu.module.css';
import { words } from '../words/words.ts';
import { attempt } from './attempt.ts';
import { endOfToday, inOneHour, isMuted, levelOf } from './attention.ts';
import { readToggle } from './readToggle.ts';
import { foldersOf, pinBeside, pinLast, sectionsOf } from './sections.ts';

interface Props {
  row: ConversationRow;
  anchor: HTMLElement;
  /** Somebody wants a folder that is not there yet. */
  onNewFolder: () => void;
  onLeave: () => void;
  onClose: () => void;
}

const levels: readonly NotifyLevel[] = ['all', 'mentions', 'nothing'];

/** How one keeps a conversation: pinned, muted, in a folder, archived. */
export function RowMenu({ row, anchor, onNewFolder, onLeave, onClose }: Props) {
  const client = useClient();
  const rows = useObservable(client.conversations) ?? [];
  const { keep } = words;
  const { id, mine, title } = row;
  const pinned = sectionsOf(rows).find(section => section.kind === 'pinned')?.rows ?? [];
  const [up, down] = [pinBeside(pinned, id, -1), pinBeside(pinned, id, 1)];
  const change = (patch: Parameters<typeof client.updateMine>[1]) => attempt(() => client.updateMine(id, patch));
  const toggle = readToggle(client, row);
  const lead = row.conversation.type !== 'direct';
  return (
    <Menu.Root open onOpenChange={open => !open && onClose()}>
      <Menu.Portal container={anchor.closest<HTMLElement>('[data-menus]')}>
        <Menu.Backdrop className={styles.scrim} />
        <Menu.Positioner
          positionMethod="fixed"
          anchor={anchor}
          side="bottom"
          align="start"
          sideOffset={2}
          className={styles.layer}
        >
          <Menu.Popup className={styles.menu} aria-label={keep.actions(title)} finalFocus={{ current: anchor }}>
            {toggle && (
              <Item icon={toggle.unread ? <MailCheck /> : <MailOpen />} onClick={() => attempt(toggle.act)}>
                {toggle.unread ? keep.markRead : keep.markUnread}
              </Item>
            )}
            {mine.pinned === undefined ? (
              <Item icon={<Pin />} onClick={() => change({ pinned: pinLast(rows) })}>
                {keep.pin}
              </Item>
            ) : (
              <>
                <Item icon={<PinOff />} onClick={() => change({ pinned: null })}>
                  {keep.unpin}
                </Item>
                {up !== undefined && (
                  <Item icon={<ArrowUp />} onClick={() => change({ pinned: up })}>
                    {keep.moveUp}
                  </Item>
                )}
                {down !== undefined && (
                  <Item icon={<ArrowDown />} onClick={() => change({ pinned: down })}>
                    {keep.moveDown}
                  </Item>
                )}
              </>
            )}
            {isMuted(mine, serverNow()) ? (
              <Item icon={<Bell />} onClick={() => change({ mutedUntil: null })}>
                {keep.unmute}
              </Item>
            ) : (
              <Sub icon={<BellOff />} label={keep.mute}>
                <Item onClick={() => change({ mutedUntil: inOneHour(serverNow()) })}>{keep.muteHour}</Item>
                <Item onClick={() => change({ mutedUntil: endOfToday(serverNow()) })}>{keep.muteToday}</Item>
                <Item onClick={() => change({ mutedUntil: forever })}>{keep.muteForever}</Item>
              </Sub>
            )}
            <Sub icon={<Bell />} label={keep.notify}>
              {levels.map(level => (
                <Item key={level} on={levelOf(row) === level} onClick={() => change({ notify: level })}>
                  {keep.levels[level]}
                </Item>
              ))}
            </Sub>
            <Sub icon={<FolderInput />} label={keep.folder}>
              {foldersOf(rows).map(folder => (
                <Item key={folder} on={mine.folder === folder} onClick={() => change({ folder })}>
                  {folder}
                </Item>
              ))}
              {mine.folder !== undefined && <Item onClick={() => change({ folder: null })}>{keep.noFolder}</Item>}
              <Item onClick={onNewFolder}>{keep.newFolder}</Item>
            </Sub>
            {mine.archived ? (
              <Item icon={<ArchiveRestore />} onClick={() => change({ archived: false })}>
                {keep.unarchive}
              </Item>
            ) : (
              <Item icon={<Archive />} onClick={() => change({ archived: true })}>
                {keep.archive}
              </Item>
            )}
            {lead && (
              <Item icon={<LogOut />} danger onClick={onLeave}>
                {keep.leave}
              </Item>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

interface ItemProps {
  icon?: ReactNode;
  on?: boolean;
  danger?: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Item({ icon, on, danger, onClick, children }: ItemProps) {
  const body = (
    <>
      <span className={styles.icon} aria-hidden="true">
        {on ? <Check /> : icon}
      </span>
      <bdi className={styles.label}>{children}</bdi>
    </>
  );
  return on === undefined ? (
    <Menu.Item className={cx(styles.item, danger && styles.danger)} onClick={onClick}>
      {body}
    </Menu.Item>
  ) : (
    <Menu.CheckboxItem className={styles.item} checked={on} onClick={onClick} closeOnClick>
      {body}
    </Menu.CheckboxItem>
  );
}

function Sub({ icon, label, children }: { icon: ReactNode; label: string; children: ReactNode }) {
  return (
    <Menu.SubmenuRoot>
      <Menu.SubmenuTrigger className={styles.item}>
        <span className={styles.icon} aria-hidden="true">
          {icon}
        </span>
        <span className={styles.label}>{label}</span>
        <ChevronRight className={styles.further} aria-hidden="true" />
      </Menu.SubmenuTrigger>
      <Menu.Portal>
        <Menu.Positioner positionMethod="fixed" className={cx(styles.layer, styles.sub)} sideOffset={-4}>
          <Menu.Popup className={styles.menu} aria-label={label}>
            {children}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.SubmenuRoot>
  );
}
