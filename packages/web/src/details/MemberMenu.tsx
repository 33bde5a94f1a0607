import { Menu } from '@base-ui/react/menu';
import type { ConversationHandle } from '@carpenter/client';
import { type Member, type MemberRole, mayAppoint, mayRemove } from '@carpenter/protocol';
import { Ellipsis } from 'lucide-react';
import { useRef } from 'react';
import { useClient, usePeople } from '../hooks/client.ts';
import { cx } from '../parts/cx.ts';
import { IconButton } from '../parts/IconButton.tsx';
import menu from '../parts/Menu.module.css';
import { words } from '../words/words.ts';

interface Props {
  handle: ConversationHandle;
  member: Member;
  /** My role: decides what I may change. */
  mine: MemberRole | undefined;
  attempt: (act: () => Promise<unknown>) => Promise<boolean>;
}

/** What I may do with this member; nothing where I may nothing. */
export function MemberMenu({ handle, member, mine, attempt }: Props) {
  const client = useClient();
  const place = useRef<HTMLSpanElement>(null);
  const { nameOf } = usePeople();
  const { details } = words;
  const { id } = handle;
  const { userId, role } = member;
  const removable = mine !== undefined && mayRemove(mine, role);
  const all: [MemberRole, string][] = [
    ['owner', details.makeOwner],
    ['admin', details.makeAdmin],
    ['moderator', details.makeModerator],
    ['member', details.makeMember],
    ['guest', details.makeGuest],
  ];
  const roles = all.filter(([to]) => to !== role && mine !== undefined && mayAppoint(mine, role, to));
  if (!removable && roles.length === 0) return null;
  return (
    <span ref={place}>
      <Menu.Root>
        <Menu.Trigger render={<IconButton small icon={Ellipsis} label={details.manage(nameOf(userId))} />} />
        <Menu.Portal container={place}>
          <Menu.Backdrop className={menu.scrim} />
          <Menu.Positioner positionMethod="fixed" align="end" sideOffset={4} className={menu.layer}>
            <Menu.Popup className={menu.menu}>
              {roles.map(([to, label]) => (
                <Menu.Item
                  key={to}
                  className={menu.item}
                  onClick={() => attempt(() => client.setMemberRole(id, userId, to))}
                >
                  {label}
                </Menu.Item>
              ))}
              {removable && (
                <Menu.Item
                  className={cx(menu.item, menu.danger)}
                  onClick={() => attempt(() => client.removeMember(id, userId))}
                >
                  {details.remove}
                </Menu.Item>
              )}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </span>
  );
}
