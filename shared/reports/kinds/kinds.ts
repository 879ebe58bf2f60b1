/** All kinds of reports, in the order in which answers list them. Each has a folder of its own, and a row here. */
import type { ReportKind } from '../report-kind.ts';

export const reportKinds: readonly ReportKind[] = [];
