/** From a report to the search for what it says. */
import { searchAddress } from '../search/search-state.ts';

/** What the searches are about: the tenant and the range of the report. */
export interface ReportScope {
  readonly tenantId: string;
  readonly from: string;
  readonly to: string;
}

/** The search that finds this record only, with the record open. */
export function recordLink(scope: ReportScope, recordId: string): string {
  return searchAddress({ ...searchedIn(scope), ids: [recordId], record: `${scope.tenantId}/${recordId}` });
}

/** The search for everything that this person did in the range. */
export function personLink(scope: ReportScope, person: string): string {
  return searchAddress({ ...searchedIn(scope), actor: [person] });
}

function searchedIn({ tenantId, from, to }: ReportScope) {
  return { tenants: [tenantId], range: 'custom', from, to } as const;
}
