import { useEffect, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Check, Field } from '../parts/field.tsx';
import { Message } from '../parts/message.tsx';
import { session } from './current.ts';
import { WithEntra } from './with-entra.tsx';
import { problemWith } from './check-credential.ts';
import { keyCredential, type SignedOut } from './session.ts';

const reasons: Readonly<Record<SignedOut, string>> = {
  byUser: 'You are signed out.',
  refused: 'The key is not accepted anymore. It was revoked, or it has expired.',
  accountRefused:
    'This app does not accept your account: your organization is not one of its customers, or it does not trust the sign-in.',
  ended: 'Your sign-in has ended. Sign in again to continue here.',
  notFinished: 'The sign-in was not finished. Try again.',
  malformedLink: 'The link has no valid key: it was cut, or is not one of this app. Paste the key.',
};

/** In place of every page until someone is signed in: the address stays, so the page follows. */
export function SignIn() {
  const [key, setKey] = useState('');
  const [isKept, setKept] = useState(false);
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const why = session.signedOut();
  useEffect(() => {
    document.title = 'Sign in - Auditkeep';
  }, []);
  const submit = async () => {
    setBusy(true);
    const problem = key.trim() === '' ? 'Enter a client key.' : await problemWith(keyCredential(key.trim()));
    setBusy(false);
    setError(problem);
    if (problem !== undefined) return;
    session.signIn(keyCredential(key.trim()));
    session.keep(isKept);
  };
  return (
    <main class="sign-in">
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void submit();
        }}
      >
        <p class="brand">Auditkeep</p>
        <h1>Sign in</h1>
        {why !== undefined && <Message tone="info" title={reasons[why]} />}
        <WithEntra />
        <Field
          label="Client key"
          type="password"
          value={key}
          onInput={setKey}
          error={error}
          isRequired
          hint="It begins with ak_. It stays in the memory of this page, is sent to this app only, and is never part of an address."
        />
        <Check isChecked={isKept} onChange={setKept}>
          Keep me signed in in this tab
        </Check>
        <Button kind="primary" type="submit" isBusy={isBusy}>
          {isBusy ? 'Signing in…' : 'Sign in'}
        </Button>
        <p class="fine">
          An administrator of this deployment creates keys, for all tenants or for some of them. What you do
          here is in the access log like any other call.
        </p>
      </form>
    </main>
  );
}
