/** What of the console the session may use. */
import type { ComponentType } from 'preact';
import { Loading, NoPermission } from '../parts/states.tsx';
import { refusalFor, type Action } from '../session/permissions.ts';
import { useCaller, usePagePermission } from '../session/use-permissions.ts';
import { areas, type Area } from './areas.tsx';
import { Page } from './page.tsx';

/**
 * The page for those who may do one of the actions; for others, what they lack.
 * @param title of the page for others
 */
export function permitted(Allowed: ComponentType, needs: readonly Action[], title: string): ComponentType {
  return function Permitted() {
    const permission = usePagePermission(needs);
    if (permission === 'allowed') return <Allowed />;
    return (
      <Page title={title}>
        {permission === 'unknown' ? (
          <Loading what="permissions" />
        ) : (
          <NoPermission why={permission.refusal} />
        )}
      </Page>
    );
  };
}

/** Those that the session may use; all until that is known. */
export function useAreas(): readonly Area[] {
  const access = useCaller().data?.access;
  return areas.filter(({ needs }) => needs.some((action) => refusalFor(access, action) === undefined));
}

const homes = new Map(
  areas.map(({ name, needs, pages: [first] }) => [name, permitted(first.component, needs, name)]),
);

/** The first page that the session may use; one that may use none learns that here. */
export function Home() {
  const [first] = useAreas();
  const Found = homes.get(first?.name ?? '');
  if (Found !== undefined) return <Found />;
  return (
    <Page title="Auditkeep">
      <NoPermission why="You are signed in, but your key or role has no permission that the console could use." />
    </Page>
  );
}
