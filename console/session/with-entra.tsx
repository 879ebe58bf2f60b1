import { useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { session } from './current.ts';
import { entraSettings } from './entra-settings.ts';
import { whyNotSignedIn } from './why-not.ts';

/** Offered where the deployment is configured for it. */
export function WithEntra() {
  const settings = entraSettings();
  const [isLeaving, setLeaving] = useState(false);
  if (settings === undefined) return null;
  const leave = async () => {
    setLeaving(true);
    const { leaveToSignIn } = await import('./entra.ts');
    await leaveToSignIn(settings, location.pathname + location.search);
  };
  return (
    <>
      <Button
        kind="primary"
        isBusy={isLeaving}
        onClick={() => {
          leave().catch((thrown: unknown) => {
            const { why, code } = whyNotSignedIn(thrown);
            setLeaving(false);
            session.fail(why, code);
          });
        }}
      >
        {isLeaving ? 'Going to Microsoft…' : 'Sign in with Microsoft'}
      </Button>
      <p class="fine">or with a client key:</p>
    </>
  );
}
