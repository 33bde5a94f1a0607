import type { User } from '@carpenter/protocol';
import { useNow } from '../hooks/clock.ts';
import { clockIn } from '../words/times.ts';
import { words } from '../words/words.ts';

/** What somebody says of themselves, and what time it is for them. */
export function AboutPerson({ user }: { user: User }) {
  const now = useNow(10_000);
  const { pronouns, about, timeZone } = user;
  return (
    <>
      {pronouns && <p dir="auto">{pronouns}</p>}
      {about && <p dir="auto">{about}</p>}
      {timeZone && <p>{words.details.timeThere(clockIn(timeZone, now), timeZone)}</p>}
    </>
  );
}
