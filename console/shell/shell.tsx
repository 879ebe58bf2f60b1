import { ErrorBoundary, Route, Router, useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Check, Choice } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { session } from '../session/current.ts';
import { useSession } from '../session/use-session.ts';
import { Announcer } from './announcer.tsx';
import { areas } from './areas.tsx';
import { NoPage } from './no-page.tsx';
import { chooseTheme, chosenTheme, themes } from './theme.ts';

const root = '/console';
const [home] = areas;
/** The console itself is the first page of the first area. */
const pages = [
  ...(home === undefined ? [] : [{ path: '', component: home.pages[0].component }]),
  ...areas.flatMap((area) => area.pages),
];

/** The console for someone who is signed in. */
export function Shell() {
  return (
    <div class="shell">
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <TopBar />
      <Navigation />
      <main id="main" tabIndex={-1}>
        <ErrorBoundary>
          <Router>
            {pages.map(({ path, component }) => (
              <Route key={path} path={`${root}${path}`} component={component} />
            ))}
            <Route default component={NoPage} />
          </Router>
        </ErrorBoundary>
      </main>
      <Announcer />
    </div>
  );
}

function TopBar() {
  return (
    <header class="top">
      <a class="brand" href={`${root}/tenants`}>
        Auditkeep
      </a>
      <Account />
    </header>
  );
}

const themeTexts = { system: 'As the system', light: 'Light', dark: 'Dark' } as const;

function Account() {
  const { current, isKept, keep } = useSession();
  const [theme, setTheme] = useState(chosenTheme);
  const signOut = () => {
    session.signOut('byUser');
  };
  return (
    <details class="account">
      <summary>{current()?.label}</summary>
      <div class="account-menu">
        <Choice
          label="Theme"
          value={theme}
          options={themes.map((value) => ({ value, text: themeTexts[value] }))}
          onChange={(value) => {
            chooseTheme(value);
            setTheme(value);
          }}
        />
        <Check isChecked={isKept()} onChange={keep}>
          Keep me signed in in this tab
        </Check>
        <a href="/api/docs" target="_blank" rel="noreferrer">
          Documentation of the API
        </a>
        <Button onClick={signOut}>Sign out</Button>
      </div>
    </details>
  );
}

function Navigation() {
  const { path } = useLocation();
  const isIn = (pages: (typeof areas)[number]['pages']) =>
    pages.some((page) => path.startsWith(`${root}/${page.path.split('/')[1] ?? ''}`));
  return (
    <nav class="side" aria-label="Areas">
      <ul>
        {areas.map(({ name, icon, pages }) => (
          <li key={name}>
            <a href={`${root}${pages[0].path}`} aria-current={isIn(pages) ? 'page' : undefined}>
              <Icon name={icon} />
              <span>{name}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
