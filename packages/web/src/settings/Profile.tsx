import { ClientError } from '@carpenter/client';
import { displayName, profile } from '@carpenter/protocol';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { useClient, useMe } from '../hooks/client.ts';
import { MediaUsage } from '../media/MediaUsage.tsx';
import { MyPicture } from '../media/MyPicture.tsx';
import { Field } from '../parts/Field.tsx';
import { MyStatus } from '../status/MyStatus.tsx';
import { reason } from '../words/failures.ts';
import { words } from '../words/words.ts';
import { Card } from './Card.tsx';
import { SelectRow } from './rows.tsx';
import styles from './Settings.module.css';
import type { Note } from './usePrefer.ts';

const kinds = { displayName, pronouns: profile.shape.pronouns, about: profile.shape.about };
type Part = keyof typeof kinds;
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const zones = [...new Set([here, 'UTC', ...Intl.supportedValuesOf('timeZone')])];

/** How others see me. Kept when one leaves a field, or presses Enter. */
export function Profile() {
  const client = useClient();
  const me = useMe();
  const [note, setNote] = useState<Note>();
  const { settings } = words;
  const save = async (patch: { [P in Part | 'timeZone']?: string }) => {
    setNote(undefined);
    try {
      await client.updateMe(patch);
      setNote({ text: settings.saved });
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      setNote({ text: settings.notSaved(reason(error)), failed: true });
    }
  };
  const field = (part: Part, label: string, hint: string) => (
    <ProfileField part={part} label={label} hint={hint} kept={me[part] ?? ''} onKeep={text => save({ [part]: text })} />
  );
  return (
    <Card title={settings.profile} note={note}>
      <div className={styles.profile}>
        <MyPicture />
        <div className={styles.fields}>
          {field('displayName', settings.name, words.details.person(me.username))}
          {field('pronouns', settings.pronouns, settings.pronounsHint)}
          {field('about', settings.about, settings.aboutHint)}
        </div>
      </div>
      <SelectRow
        label={settings.timeZone}
        lead={settings.timeZoneLead}
        value={me.timeZone ?? ''}
        options={[
          { value: '', label: settings.timeZoneNone },
          ...zones.map(zone => ({ value: zone, label: zone === here ? settings.timeZoneHere(zone) : zone })),
        ]}
        onChange={zone => save({ timeZone: zone })}
      />
      <MyStatus />
      <MediaUsage />
    </Card>
  );
}

interface FieldProps {
  part: Part;
  label: string;
  hint: string;
  kept: string;
  onKeep: (text: string) => void;
}

function ProfileField({ part, label, hint, kept, onKeep }: FieldProps) {
  const [text, setText] = useState(kept);
  useEffect(() => setText(kept), [kept]);
  const found = kinds[part].safeParse(text);
  const fault = part === 'displayName' ? words.auth.badName : found.error?.issues[0]?.message;
  const keep = () => {
    if (found.success && (found.data ?? '') !== kept) onKeep(found.data ?? '');
  };
  return (
    <Field
      label={label}
      value={text}
      autoComplete={part === 'displayName' ? 'name' : 'off'}
      hint={hint}
      error={found.success ? undefined : fault}
      onChange={event => setText(event.target.value)}
      onBlur={keep}
      onKeyDown={(event: KeyboardEvent) => event.key === 'Enter' && !event.nativeEvent.isComposing && keep()}
    />
  );
}
