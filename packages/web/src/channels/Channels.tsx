import type { FoundChannel } from '@carpenter/protocol';
import { ArrowLeft, Plus, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { ConnectionBar } from '../conversation/ConnectionBar.tsx';
import { useClient } from '../hooks/client.ts';
import { useTry } from '../hooks/useTry.ts';
import { Button } from '../parts/Button.tsx';
import { Face } from '../parts/Face.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import place from '../parts/Place.module.css';
import { useGo } from '../place.ts';
import { said } from '../words/failures.ts';
import { words } from '../words/words.ts';
import styles from './Channels.module.css';

interface Found {
  readonly q: string;
  readonly channels: readonly FoundChannel[];
  readonly next?: string | undefined;
}
const askAfterMs = 200;

/** The public channels of this server: find one, join it, open it. */
export function Channels({ onBegin }: { onBegin: () => void }) {
  const client = useClient();
  const go = useGo();
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<Found>();
  const [missing, setMissing] = useState<string>();
  const [failed, attempt] = useTry();
  const { rooms } = words;
  const q = query.trim();

  useEffect(() => {
    let current = true;
    const look = async () => {
      try {
        const page = await client.channels(q);
        if (!current) return;
        setFound({ q, ...page });
        setMissing(undefined);
      } catch (error) {
        if (current) setMissing(said(error));
      }
    };
    const timer = setTimeout(look, q === '' ? 0 : askAfterMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [client, q]);

  const more = () =>
    attempt(async () => {
      if (!found) return;
      const page = await client.channels(found.q, found.next);
      setFound({ q: found.q, ...page, channels: [...found.channels, ...page.channels] });
    });
  const open = (id: string) => go.to({ at: 'conversation', id, details: false });
  const join = async (id: string) => {
    if (await attempt(() => client.join(id))) open(id);
  };
  return (
    <main className={place.place}>
      <header className={place.head}>
        <IconButton icon={ArrowLeft} label={words.app.back} onClick={() => go.up({ at: 'list' })} />
        <h1>{rooms.browse}</h1>
        <Button size="small" onClick={onBegin}>
          <Plus size={16} strokeWidth={1.7} aria-hidden="true" />
          {rooms.createChannel}
        </Button>
      </header>
      <ConnectionBar />
      <div className={place.scroll}>
        <div className={place.column}>
          <p className={styles.lead}>{rooms.browseLead}</p>
          <search className={styles.find}>
            <Search size={16} strokeWidth={1.7} aria-hidden="true" />
            <input
              type="search"
              value={query}
              placeholder={rooms.find}
              aria-label={rooms.find}
              autoComplete="off"
              spellCheck={false}
              onChange={event => setQuery(event.target.value)}
            />
          </search>
          {(missing ?? failed) && (
            <p role="alert" className={place.failed}>
              {failed ?? rooms.failed}
            </p>
          )}
          <ul className={styles.channels}>
            {found?.channels.map(({ conversation, joined }) => (
              <li key={conversation.id}>
                <Face
                  id={conversation.id}
                  name={conversation.name ?? ''}
                  size={40}
                  shape="channel"
                  picture={conversation.pictureId}
                />
                <span className={styles.what}>
                  <b>
                    <bdi>{conversation.name}</bdi>
                  </b>
                  <small>
                    {words.header.members(conversation.memberCount)}
                    {conversation.topic && (
                      <>
                        {' · '}
                        <bdi>{conversation.topic}</bdi>
                      </>
                    )}
                  </small>
                </span>
                {joined ? (
                  <Button
                    size="small"
                    aria-label={rooms.openThat(conversation.name ?? '')}
                    onClick={() => open(conversation.id)}
                  >
                    {rooms.open}
                  </Button>
                ) : (
                  <Button
                    size="small"
                    look="main"
                    aria-label={rooms.joinThat(conversation.name ?? '')}
                    onClick={() => join(conversation.id)}
                  >
                    {rooms.join}
                  </Button>
                )}
              </li>
            ))}
          </ul>
          <p role="status" className={styles.note}>
            {found?.channels.length === 0 && (found.q === '' ? rooms.none : rooms.noneFound(found.q))}
          </p>
          {found?.next !== undefined && <Button onClick={more}>{rooms.more}</Button>}
        </div>
      </div>
    </main>
  );
}
