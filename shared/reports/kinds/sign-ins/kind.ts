/** The kind of report `signIns`. */
import { withPast } from '../../past.ts';
import { reportKind, type ReportKind } from '../../report-kind.ts';
import { declaredSignIns } from './declaration.ts';
import { openSignIns, stateSchema } from './collector.ts';

export const signIns: ReportKind = reportKind({
  ...declaredSignIns,
  needs: ['collection', 'pastGaps'],
  reads: ({ range }) => withPast(range),
  state: stateSchema,
  open: openSignIns,
});
