import { Empty } from '../parts/states.tsx';
import { Page } from './page.tsx';

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
