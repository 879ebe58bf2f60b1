import { Empty } from '../parts/states.tsx';
import { Page } from './page.tsx';

/** An area that has no pages yet. */
export function LaterPage({ title }: { readonly title: string }) {
  return (
    <Page title={title}>
      <Empty title="There is no page for this yet">
        <p>
          Everything in this area can be done with the command line and the <a href="/api/docs">API</a>.
        </p>
      </Empty>
    </Page>
  );
}

/** An address that no page has. */
export function NoPage() {
  return (
    <Page title="No such page">
      <Empty icon="search" title="There is no page at this address">
        <p>
          <a href="/console/tenants">Show the tenants</a>
        </p>
      </Empty>
    </Page>
  );
}
