import { useRoute } from 'preact-iso';
import { Loaded } from '../parts/loaded.tsx';
import { UrlTabs } from '../parts/url-tabs.tsx';
import { Page } from '../shell/page.tsx';
import { CollectionTab } from '../tenants/collection-tab.tsx';
import { GapsTab } from '../tenants/gaps-tab.tsx';
import type { Tenant } from '../tenants/overview-tab.tsx';
import { useTenant } from '../tenants/queries.ts';
import { CertificateTab } from './certificate-tab.tsx';
import { LedgerTab } from './ledger-tab.tsx';
import { RejectedTab } from './rejected-tab.tsx';
import { VerificationsTab } from './verifications-tab.tsx';

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
  const { tenantId } = tenant;
  return (
    <UrlTabs
      label="Ingestion"
      tabs={[
        { id: 'types', text: 'Content types', content: () => <CollectionTab tenant={tenant} /> },
        { id: 'gaps', text: 'Gaps', content: () => <GapsTab tenantId={tenantId} /> },
        { id: 'rejected', text: 'Rejected bodies', content: () => <RejectedTab tenantId={tenantId} /> },
        { id: 'ledger', text: 'Ledger', content: () => <LedgerTab tenant={tenant} /> },
        {
          id: 'verifications',
          text: 'Verifications',
          content: () => <VerificationsTab tenantId={tenantId} />,
        },
        { id: 'certificate', text: 'Certificate', content: () => <CertificateTab tenantId={tenantId} /> },
      ]}
    />
  );
}
