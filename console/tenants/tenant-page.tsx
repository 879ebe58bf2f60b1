import { useRoute } from 'preact-iso';
import { Badge } from '../parts/badge.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { Page } from '../shell/page.tsx';
import { oneOf } from '../url/codecs.ts';
import { useUrlState } from '../url/use-url-state.ts';
import { AuditingTab } from './auditing-tab.tsx';
import { CollectionTab } from './collection-tab.tsx';
import { GapsTab } from './gaps-tab.tsx';
import { OverviewTab, type Tenant } from './overview-tab.tsx';
import { useTenant } from './queries.ts';

const tabs = [
  { id: 'overview', text: 'Overview' },
  { id: 'auditing', text: 'Auditing' },
  { id: 'collection', text: 'Collection' },
  { id: 'gaps', text: 'Gaps' },
] as const;
type TabId = (typeof tabs)[number]['id'];

const schema = { tab: oneOf<TabId>(['overview', 'auditing', 'collection', 'gaps'], 'overview') } as const;
const states = {
  PendingConsent: <Badge tone="neutral">No consent yet</Badge>,
  Active: <Badge tone="good">Active</Badge>,
  Removing: <Badge tone="busy">Being removed</Badge>,
} as const;

/** One tenant. */
export function TenantPage() {
  const { tenantId = '' } = useRoute().params;
  const tenant = useTenant(tenantId);
  const { data } = tenant;
  return (
    <Page
      title={data?.displayName ?? 'Tenant'}
      above={[{ href: '/console/tenants', text: 'Tenants' }]}
      about={
        data !== undefined && (
          <>
            {states[data.state]} <bdi>{data.domain}</bdi> <code>{data.tenantId}</code>
          </>
        )
      }
    >
      <Loaded query={tenant} what="tenant">
        {(one) => <TenantTabs tenant={one} />}
      </Loaded>
    </Page>
  );
}

function TenantTabs({ tenant }: { readonly tenant: Tenant }) {
  const [{ tab }, change] = useUrlState(schema);
  const contents: Readonly<Record<TabId, () => preact.JSX.Element>> = {
    overview: () => <OverviewTab tenant={tenant} />,
    auditing: () => <AuditingTab tenant={tenant} />,
    collection: () => <CollectionTab tenant={tenant} />,
    gaps: () => <GapsTab tenantId={tenant.tenantId} />,
  };
  return (
    <Tabs
      label="Tenant"
      tabs={tabs}
      selected={tab}
      onSelect={(id) => {
        change({ tab: id }, { push: true });
      }}
    >
      {contents[tab]()}
    </Tabs>
  );
}
