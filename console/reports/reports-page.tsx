import { Loaded } from '../parts/loaded.tsx';
import { Empty } from '../parts/states.tsx';
import { Page } from '../shell/page.tsx';
import { useTenants } from '../tenants/queries.ts';
import { useUrlState } from '../url/use-url-state.ts';
import { EarlierReports } from './earlier-reports.tsx';
import { NewReport } from './new-report.tsx';
import { TenantChoice } from './tenant-choice.tsx';
import { formSchema } from './form-state.ts';

/** Starts reports about a tenant, and lists those that there are. */
export function ReportsPage() {
  const tenants = useTenants();
  return (
    <Page title="Reports" about="Questions about a range of time, answered once, to read, print, and keep.">
      <Loaded query={tenants} what="tenants">
        {({ value }) => <OfTenant tenants={value} />}
      </Loaded>
    </Page>
  );
}

interface OfTenantProps {
  readonly tenants: readonly { readonly tenantId: string; readonly displayName: string }[];
}

function OfTenant({ tenants }: OfTenantProps) {
  const [state, change] = useUrlState(formSchema);
  const [first, ...others] = tenants;
  if (first === undefined)
    return (
      <Empty icon="people" title="There are no tenants yet">
        <p>A report is about a tenant.</p>
      </Empty>
    );
  // With only one tenant there is nothing to choose.
  const tenantId = others.length === 0 ? first.tenantId : state.tenant;
  const isKnown = tenants.some((tenant) => tenant.tenantId === tenantId);
  return (
    <>
      {others.length > 0 && (
        <TenantChoice
          {...{ tenants, tenantId }}
          onChange={(tenant) => {
            change({ tenant }, { push: true });
          }}
        />
      )}
      {isKnown ? (
        <>
          <NewReport key={tenantId} {...{ tenantId, state, change }} />
          <EarlierReports key={`${tenantId}-earlier`} tenantId={tenantId} />
        </>
      ) : (
        <Empty icon="report" title="Choose a tenant">
          <p>Then start a report about it, or read one that there is.</p>
        </Empty>
      )}
    </>
  );
}
