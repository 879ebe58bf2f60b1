import { useRoute } from 'preact-iso';
import { Loaded } from '../parts/loaded.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { Page } from '../shell/page.tsx';
import { CollectionTab } from '../tenants/collection-tab.tsx';
import { GapsTab } from '../tenants/gaps-tab.tsx';
import type { Tenant } from '../tenants/overview-tab.tsx';
import { useTenant } from '../tenants/queries.ts';
import { oneOf } from '../url/codecs.ts';
import { useUrlState } from '../url/use-url-state.ts';
import { CertificateTab } from './certificate-tab.tsx';
import { LedgerTab } from './ledger-tab.tsx';
import { RejectedTab } from './rejected-tab.tsx';
import { VerificationsTab } from './verifications-tab.tsx';

const tabs = [
  { id: 'types', text: 'Content types' },
  { id: 'gaps', text: 'Gaps' },
  { id: 'rejected', text: 'Rejected bodies' },
  { id: 'ledger', text: 'Ledger' },
  { id: 'verifications', text: 'Verifications' },
  { id: 'certificate', text: 'Certificate' },
] as const;
type TabId = (typeof tabs)[number]['id'];

const schema = {
  tab: oneOf<TabId>(
    tabs.map(({ id }) => id),
    'types',
  ),
} as const;

/** The ingestion of one tenant. */
export function IngestionOfTenantPage() {
  const { tenantId = '' } = useRoute().params;
  const tenant = useTenant(tenantId);
  const { data } = tenant;
  return (
    <Page
      title={data?.displayName ?? 'Tenant'}
      above={[{ href: '/console/ingestion', text: 'Ingestion' }]}
      about={<a href={`/console/tenants/${tenantId}`}>Its registration, consent, and auditing</a>}
    >
      <Loaded query={tenant} what="tenant">
        {(one) => <Views tenant={one} />}
      </Loaded>
    </Page>
  );
}

function Views({ tenant }: { readonly tenant: Tenant }) {
  const [{ tab }, change] = useUrlState(schema);
  const { tenantId } = tenant;
  const contents: Readonly<Record<TabId, () => preact.JSX.Element>> = {
    types: () => <CollectionTab tenant={tenant} />,
    gaps: () => <GapsTab tenantId={tenantId} />,
    rejected: () => <RejectedTab tenantId={tenantId} />,
    ledger: () => <LedgerTab tenant={tenant} />,
    verifications: () => <VerificationsTab tenantId={tenantId} />,
    certificate: () => <CertificateTab tenantId={tenantId} />,
  };
  return (
    <Tabs
      label="Ingestion"
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
