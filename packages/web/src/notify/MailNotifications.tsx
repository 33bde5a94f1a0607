import type { MailAddress } from '@carpenter/protocol';
import { type FormEvent, useEffect, useState } from 'react';
import { useClient } from '../hooks/client.ts';
import { useTry } from '../hooks/useTry.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { Card } from '../settings/Card.tsx';
import { optionsOf, SelectRow } from '../settings/rows.tsx';
import styles from '../settings/Settings.module.css';
import { words } from '../words/words.ts';

type Found = { readonly available: boolean; readonly mail?: MailAddress | undefined };
const hoursOf = { hourly: 1, daily: 24 } as const;

/** A letter with what was missed, to an address that its owner has confirmed. */
export function MailNotifications() {
  const client = useClient();
  const [found, setFound] = useState<Found>();
  const [address, setAddress] = useState('');
  const [often, setOften] = useState<keyof typeof hoursOf>('daily');
  const [code, setCode] = useState('');
  const [failed, attempt] = useTry();
  const { notify } = words;
  useEffect(() => {
    client.mail().then(setFound, () => {}); // the card says nothing then
  }, [client]);
  if (!found) return null;
  const { available, mail } = found;
  const take = (next: MailAddress | undefined) => setFound({ available, mail: next });

  const send = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => take(await client.setMail(address.trim(), hoursOf[often])));
  };
  const confirm = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => take(await client.confirmMail(code.trim())));
  };
  const stop = () =>
    void attempt(async () => {
      await client.removeMail();
      take(undefined);
    });
  const rhythm = (value: keyof typeof hoursOf) => {
    setOften(value);
    if (mail?.confirmed) void attempt(async () => take(await client.setMail(mail.address, hoursOf[value])));
  };
  const kept = mail?.confirmed ? (mail.everyHours === 1 ? 'hourly' : 'daily') : often;
  return (
    <Card title={notify.mail}>
      <p className={styles.lead}>{available ? notify.mailLead : notify.mailUnavailable}</p>
      {mail && (
        <div className={styles.row}>
          <span>{mail.confirmed ? notify.confirmed(mail.address) : notify.unconfirmed(mail.address)}</span>
          <Button size="small" onClick={stop}>
            {notify.noMail}
          </Button>
        </div>
      )}
      {available && (mail === undefined || mail.confirmed) && (
        <SelectRow
          label={notify.often}
          value={kept}
          options={optionsOf({ hourly: notify.hourly, daily: notify.daily }, ['hourly', 'daily'])}
          onChange={rhythm}
        />
      )}
      {available && !mail && (
        <form onSubmit={send} className={styles.inline}>
          <Field
            label={notify.address}
            type="email"
            autoComplete="email"
            required
            value={address}
            onChange={event => setAddress(event.target.value)}
          />
          <Button type="submit">{notify.sendCode}</Button>
        </form>
      )}
      {mail && !mail.confirmed && (
        <form onSubmit={confirm} className={styles.inline}>
          <Field
            label={notify.code}
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            value={code}
            onChange={event => setCode(event.target.value)}
          />
          <Button type="submit">{notify.confirm}</Button>
        </form>
      )}
      {failed && (
        <p role="alert" className={styles.failed}>
          {failed}
        </p>
      )}
    </Card>
  );
}
