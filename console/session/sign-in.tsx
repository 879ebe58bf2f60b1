import { useEffect, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Check, Field } from '../parts/field.tsx';
import { Message } from '../parts/message.tsx';
import { session } from './current.ts';
import { entraSettings } from './entra-settings.ts';
import { WithEntra } from './with-entra.tsx';
import { problemWith } from './check-credential.ts';
import { reasons } from './reasons.ts';
import { keyCredential, type SignedOut } from './session.ts';

function Why({ why }: { readonly why: SignedOut }) {
  const { tone, title, next } = reasons[why];
  const code = session.answered();
  return (
    <Message {...{ tone, title }}>
      {next !== undefined && <p>{next}</p>}
      {code !== undefined && <p class="fine">The answer of Microsoft: {code}</p>}
    </Message>
  );
}

/** In place of every page until someone is signed in: the address stays, so the page follows. */
export function SignIn() {
  const [key, setKey] = useState('');
  const [isKept, setKept] = useState(false);
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const why = session.signedOut();
  const isWithEntra = entraSettings() !== undefined;
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
        {why !== undefined && <Why why={why} />}
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
        <Button kind={isWithEntra ? 'secondary' : 'primary'} type="submit" isBusy={isBusy}>
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
