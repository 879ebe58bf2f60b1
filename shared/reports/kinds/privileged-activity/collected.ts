/** All that the sections are made of. */
import type { PrivilegedRole } from '../../../tenants/privileged-roles.ts';
import type { ReportLimits } from '../../report-inputs.ts';
import type { Holding } from './holdings.ts';
import type { KnownPrincipal } from './known-principals.ts';
import type { LeftOut, RoleSnapshot } from './role-snapshot.ts';
import type { Tallied } from './tally.ts';

export interface Collected {
  readonly range: { readonly from: Date; readonly to: Date };
  readonly limits: Pick<ReportLimits, 'rows'>;
  readonly roles: readonly PrivilegedRole[];
  /** Of these roles. */
  readonly snapshots: readonly RoleSnapshot[];
  readonly leftOut: readonly LeftOut[];
  /** Those that overlap the range. */
  readonly holdings: readonly Holding[];
  /** Principals by key. */
  readonly principals: ReadonlyMap<string, KnownPrincipal>;
  readonly changes: number;
  /** Records of changes that were left out. */
  readonly changesOmitted: number;
  readonly tallied: Tallied;
}

export function personOf(principals: ReadonlyMap<string, KnownPrincipal>, key: string): string {
  return principals.get(key)?.address ?? key;
}
