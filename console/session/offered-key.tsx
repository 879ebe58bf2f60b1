import { useState } from 'preact/hooks';
import { Confirm } from '../parts/dialog.tsx';
import { Message } from '../parts/message.tsx';
import { problemWith } from './check-credential.ts';
import { session } from './current.ts';
import type { Credential } from './session.ts';
import { useSession } from './use-session.ts';

/** Asks before a link replaces who is signed in: it may have come from someone else. */
export function OfferedKey() {
  const { offered } = useSession();
  const credential = offered();
  return credential === undefined ? null : <Offer key={credential.label} offered={credential} />;
}

function Offer({ offered }: { readonly offered: Credential }) {
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const change = async () => {
    setBusy(true);
    const found = await problemWith(offered);
    setBusy(false);
    setProblem(found);
    if (found === undefined) session.signIn(offered);
  };
  return (
    <Confirm
      title="Sign in with the key of this link?"
      action={isBusy ? 'Signing in…' : 'Switch to the key of the link'}
      decline="Stay signed in"
      isBusy={isBusy}
      onConfirm={() => void change()}
      onCancel={session.decline}
    >
      <p>
        You are signed in as <strong>{session.current()?.label}</strong>. The link is for{' '}
        <strong>{offered.label}</strong>, which may see other tenants. Only continue if you know where the
        link is from.
      </p>
      {problem !== undefined && (
        <Message tone="bad" title="You are still signed in as before">
          <p>{problem}</p>
        </Message>
      )}
    </Confirm>
  );
}
