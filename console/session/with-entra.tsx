import { useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Message } from '../parts/message.tsx';
import { entraSettings } from './entra-settings.ts';

/** Offered where the deployment is configured for it. */
export function WithEntra() {
  const settings = entraSettings();
  const [state, setState] = useState<'idle' | 'leaving' | 'failed'>('idle');
  if (settings === undefined) return null;
  const leave = async () => {
    setState('leaving');
    const { leaveToSignIn } = await import('./entra.ts');
    await leaveToSignIn(settings, location.pathname + location.search);
  };
  return (
    <>
      {state === 'failed' && (
        <Message tone="bad" title="The service that you sign in to did not answer. Try again later." />
      )}
      <Button
        kind="primary"
        isBusy={state === 'leaving'}
        onClick={() => {
          leave().catch(() => {
            setState('failed');
          });
        }}
      >
        {state === 'leaving' ? 'Leaving to Microsoft…' : 'Sign in with Microsoft'}
      </Button>
      <p class="fine">or with a client key:</p>
    </>
  );
}
