import { useRoute } from 'preact-iso';
import { Badge } from '../parts/badge.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { UrlTabs } from '../parts/url-tabs.tsx';
import { Page } from '../shell/page.tsx';
import { AuditingTab } from './auditing-tab.tsx';
import { CollectionTab } from './collection-tab.tsx';
import { GapsTab } from './gaps-tab.tsx';
import { OverviewTab, type Tenant } from './overview-tab.tsx';
import { useTenant } from './queries.ts';

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
  return (
    <UrlTabs
      label="Tenant"
      tabs={[
        { id: 'overview', text: 'Overview', content: () => <OverviewTab tenant={tenant} /> },
        { id: 'auditing', text: 'Auditing', content: () => <AuditingTab tenant={tenant} /> },
        { id: 'collection', text: 'Collection', content: () => <CollectionTab tenant={tenant} /> },
        { id: 'gaps', text: 'Gaps', content: () => <GapsTab tenantId={tenant.tenantId} /> },
      ]}
    />
  );
}
