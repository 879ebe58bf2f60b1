import { useEffect, useState } from 'preact/hooks';
import { answerOf, api } from '../api/client.ts';
import { toApiError } from '../api/api-error.ts';
import { Button } from '../parts/button.tsx';
import { Check, Field } from '../parts/field.tsx';
import { Message } from '../parts/message.tsx';
import { session } from './current.ts';
import { keyCredential } from './session.ts';

/** A key with which a call succeeds, or one that is refused for its scopes and not for itself, is a key of this app. */
async function problemWith(key: string): Promise<string | undefined> {
  const call = api.GET('/tenants', { headers: { 'x-api-key': key } });
  return await answerOf(call).then(
    () => undefined,
    (thrown: unknown) => {
      const { status, message } = toApiError(thrown);
      return status === 403 ? undefined : message;
    },
  );
}

function whyOf(): string | undefined {
  if (session.signedOut() === 'refused')
    return 'The key is not accepted anymore. It was revoked, or it has expired.';
  return session.signedOut() === 'byUser' ? 'You are signed out.' : undefined;
}

/** In place of every page until someone is signed in: the address stays, so the page follows. */
export function SignIn() {
  const [key, setKey] = useState('');
  const [isKept, setKept] = useState(false);
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const why = whyOf();
  useEffect(() => {
    document.title = 'Sign in - Auditkeep';
  }, []);
  const submit = async () => {
    setBusy(true);
    const problem = key.trim() === '' ? 'Enter a client key.' : await problemWith(key.trim());
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
        {why !== undefined && <Message tone="info" title={why} />}
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
