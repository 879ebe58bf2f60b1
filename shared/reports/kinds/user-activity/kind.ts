/** The kind of report `userActivity`. */
import { withPast } from '../../past.ts';
import { reportKind, type ReportKind } from '../../report-kind.ts';
import { declaredUserActivity } from './declaration.ts';
import { openUserActivity, stateSchema } from './collector.ts';

export const userActivity: ReportKind = reportKind({
  ...declaredUserActivity,
  needs: [],
  reads: ({ range }) => withPast(range),
  state: stateSchema,
  open: openUserActivity,
});
