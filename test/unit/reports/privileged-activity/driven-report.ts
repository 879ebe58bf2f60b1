/** The report on privileged users, run over records in memory. */
import { privilegedActivity } from '../../../../shared/reports/kinds/privileged-activity/kind.ts';
import type { GivenInputs, Needed } from '../../../../shared/reports/report-inputs.ts';
import { driveKind, type Driven, type DriveOptions, type StoredRecord } from '../driven-kind.ts';

export { rowsOf, storedRecord, type StoredRecord } from '../driven-kind.ts';

export type Given = GivenInputs<unknown> & Pick<Needed, 'roleHolders' | 'people'>;

export function drive(given: Given, stored: readonly StoredRecord[], options?: DriveOptions): Driven {
  return driveKind(privilegedActivity, given, stored, options);
}
