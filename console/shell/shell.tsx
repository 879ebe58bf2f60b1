import { ErrorBoundary, Route, Router, useLocation } from 'preact-iso';
import { Icon } from '../parts/icon.tsx';
import { OfferedKey } from '../session/offered-key.tsx';
import { Account } from './account.tsx';
import { Announcer } from './announcer.tsx';
import { areas } from './areas.tsx';
import { NoPage } from './no-page.tsx';
import { Home, permitted, useAreas } from './permitted.tsx';

const root = '/console';
/** Pages that ask first whether the session may see them. */
const pages = areas.flatMap((area) =>
  area.pages.map((page) => ({
    path: page.path,
    component: permitted(page.component, page.needs ?? area.needs, area.name),
  })),
);

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
            <Route path={root} component={Home} />
            {pages.map(({ path, component }) => (
              <Route key={path} path={`${root}${path}`} component={component} />
            ))}
            <Route default component={NoPage} />
          </Router>
        </ErrorBoundary>
      </main>
      <Announcer />
      <OfferedKey />
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

function Navigation() {
  const { path } = useLocation();
  const shown = useAreas();
  const isIn = (pages: (typeof areas)[number]['pages']) =>
    pages.some((page) => path.startsWith(`${root}/${page.path.split('/')[1] ?? ''}`));
  return (
    <nav class="side" aria-label="Areas">
      <ul>
        {shown.map(({ name, icon, pages }) => (
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
