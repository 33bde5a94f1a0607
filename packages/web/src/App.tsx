import { Tooltip } from '@base-ui/react/tooltip';
import { House } from './House.tsx';
import { MeContext, useClient, useObservable } from './hooks/client.ts';
import { Toasts } from './parts/Toasts.tsx';
import { usePlace } from './place.ts';
import { AcceptInvite } from './sign-in/AcceptInvite.tsx';
import { Opening } from './sign-in/Opening.tsx';
import { SignIn } from './sign-in/SignIn.tsx';

/** Who is here decides what is shown; the address stays, so that one lands where one wanted to go. */
export function App() {
  const session = useObservable(useClient().session);
  const place = usePlace();
  const code = place.at === 'join' ? place.code : undefined;
  return (
    <Tooltip.Provider delay={600}>
      {session.phase === 'restoring' && <Opening />}
      {session.phase === 'signedOut' && <SignIn because={session.because} invite={code} />}
      {session.phase === 'signedIn' && code !== undefined && <AcceptInvite code={code} me={session.me} />}
      {session.phase === 'signedIn' && code === undefined && (
        <MeContext value={session.me}>
          <House key={session.me.id} />
        </MeContext>
      )}
      <Toasts />
    </Tooltip.Provider>
  );
}
