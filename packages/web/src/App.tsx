import { Tooltip } from '@base-ui/react/tooltip';
import { House } from './House.tsx';
import { MeContext, useClient, useObservable } from './hooks/client.ts';
import { Toasts } from './parts/Toasts.tsx';
import { Opening } from './sign-in/Opening.tsx';
import { SignIn } from './sign-in/SignIn.tsx';

/** Who is here decides what is shown; the address stays, so that one lands where one wanted to go. */
export function App() {
  const session = useObservable(useClient().session);
  return (
    <Tooltip.Provider delay={600}>
      {session.phase === 'restoring' && <Opening />}
      {session.phase === 'signedOut' && <SignIn because={session.because} />}
      {session.phase === 'signedIn' && (
        <MeContext value={session.me}>
          <House key={session.me.id} />
        </MeContext>
      )}
      <Toasts />
    </Tooltip.Provider>
  );
}
