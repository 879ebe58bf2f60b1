/** All kinds of reports. Each has a folder of its own, and a row here. */
import type { ReportKind } from '../report-kind.ts';
import { mailboxAccess } from './mailbox-access/kind.ts';
import { postureReport } from './posture/posture-report.ts';
import { privilegedActivity } from './privileged-activity/kind.ts';
import { signIns } from './sign-ins/kind.ts';
import { userActivity } from './user-activity/kind.ts';

/** In the order in which answers and documents list them. */
export const reportKinds: readonly [ReportKind, ...ReportKind[]] = [
  postureReport,
  privilegedActivity,
  mailboxAccess,
  userActivity,
  signIns,
];
