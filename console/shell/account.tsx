import { useState } from 'preact/hooks';
import type { AnswerTo } from '../api/paths.ts';
import { Button } from '../parts/button.tsx';
import { Check, Choice } from '../parts/field.tsx';
import { Moment } from '../parts/moment.tsx';
import { Text } from '../parts/text.tsx';
import { session } from '../session/current.ts';
import { useCaller } from '../session/use-permissions.ts';
import { useSession } from '../session/use-session.ts';
import { chooseTheme, chosenTheme, themes } from './theme.ts';

type Caller = AnswerTo<'GetCaller'>;

const themeTexts = { system: 'As the system', light: 'Light', dark: 'Dark' } as const;

/** Who is signed in, what that allows, and how it ends. */
export function Account() {
  const { current, isKept, keep } = useSession();
  const caller = useCaller().data;
  const [theme, setTheme] = useState(chosenTheme);
  const signOut = () => {
    session.signOut('byUser');
  };
  return (
    <details class="account">
      <summary>{caller === undefined ? current()?.label : nameOf(caller)}</summary>
      <div class="account-menu">
        {caller !== undefined && <Identity caller={caller} />}
        <Choice
          label="Theme"
          value={theme}
          options={themes.map((value) => ({ value, text: themeTexts[value] }))}
          onChange={(value) => {
            chooseTheme(value);
            setTheme(value);
          }}
        />
        {current()?.kept !== undefined && (
          <Check isChecked={isKept()} onChange={keep}>
            Keep me signed in in this tab
          </Check>
        )}
        <a href="/api/docs" target="_blank" rel="noreferrer">
          Documentation of the API
        </a>
        <Button onClick={signOut}>Sign out</Button>
      </div>
    </details>
  );
}

const kinds: Readonly<Record<Caller['kind'], string>> = {
  ClientKey: 'Client key',
  EntraUser: 'User of Microsoft Entra ID',
  EntraApplication: 'Application of Microsoft Entra ID',
};

function nameOf({ kind, displayName = kinds[kind] }: Caller) {
  return (
    <>
      {kind === 'ClientKey' && 'Key '}
      <Text most={40}>{displayName}</Text>
    </>
  );
}

function Identity({ caller: { id, kind, expiresDateTime, access } }: { readonly caller: Caller }) {
  return (
    <div class="identity">
      <p>
        <strong>{kinds[kind]}</strong> <Text most={100}>{id}</Text>
      </p>
      {expiresDateTime !== undefined && (
        <p>
          Until <Moment at={expiresDateTime} />
        </p>
      )}
      <ul class="points">
        {access.map(({ tenants, scopes }) => (
          <li key={tenants}>
            <Text most={80}>{tenants === '*' ? 'All tenants' : tenants.replaceAll(',', ', ')}</Text>:{' '}
            {scopes.length === 0 ? 'no permission' : scopes.join(', ')}
          </li>
        ))}
      </ul>
    </div>
  );
}
