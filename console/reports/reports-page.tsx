import { Loaded } from '../parts/loaded.tsx';
import { Empty } from '../parts/states.tsx';
import { Page } from '../shell/page.tsx';
import { useTenants } from '../tenants/queries.ts';
import { useUrlState } from '../url/use-url-state.ts';
import { EarlierReports } from './earlier-reports.tsx';
import { EarlierSets } from './earlier-sets.tsx';
import { formSchema } from './form-state.ts';
import { NewReport } from './new-report.tsx';
import { TenantChoice, type Tenants } from './tenant-choice.tsx';
import { chosenIn } from './tenant-sets.ts';

/** Starts reports about one tenant or several, and lists those that there are. */
export function ReportsPage() {
  const tenants = useTenants();
  return (
    <Page title="Reports" about="Questions about a range of time, answered once, to read, print, and keep.">
      <Loaded query={tenants} what="tenants">
        {({ value }) => <OfTenants tenants={value} />}
      </Loaded>
    </Page>
  );
}

function OfTenants({ tenants }: { readonly tenants: Tenants }) {
  const [state, change] = useUrlState(formSchema);
  const chosen = chosenIn(state, tenants);
  const hasSeveral = tenants.length > 1;
  if (tenants.length === 0)
    return (
      <Empty icon="people" title="There are no tenants yet">
        <p>A report is about a tenant.</p>
      </Empty>
    );
  return (
    <>
      {hasSeveral && <TenantChoice {...{ tenants, chosen, state, change }} />}
      {chosen === undefined ? (
        <Empty icon="report" title="Choose tenants">
          <p>One, several, or all. Then start reports about them, or read those that there are.</p>
        </Empty>
      ) : (
        <NewReport key={chosen.tenantId ?? 'several'} {...{ chosen, state, change }} />
      )}
      {chosen?.tenantId !== undefined && <EarlierReports key={chosen.tenantId} tenantId={chosen.tenantId} />}
      {hasSeveral && <EarlierSets tenants={tenants} />}
    </>
  );
}
