/** All kinds of reports. Each has a folder of its own, and a row here; what computes its reports is loaded when one is. */
import { loadPart } from '../../lazy.ts';
import type { ListedKind } from '../report-kind.ts';
import { declaredMailboxAccess } from './mailbox-access/declaration.ts';
import { declaredPosture } from './posture/declaration.ts';
import { declaredPrivilegedActivity } from './privileged-activity/declaration.ts';
import { declaredSignIns } from './sign-ins/declaration.ts';
import { declaredUserActivity } from './user-activity/declaration.ts';

/** In the order in which answers and documents list them. */
export const reportKinds: readonly [ListedKind, ...ListedKind[]] = [
  {
    ...declaredPosture,
    load: async () => (await loadPart(() => import('./posture/posture-report.ts'))).postureReport,
  },
  {
    ...declaredPrivilegedActivity,
    load: async () => (await loadPart(() => import('./privileged-activity/kind.ts'))).privilegedActivity,
  },
  {
    ...declaredMailboxAccess,
    load: async () => (await loadPart(() => import('./mailbox-access/kind.ts'))).mailboxAccess,
  },
  {
    ...declaredUserActivity,
    load: async () => (await loadPart(() => import('./user-activity/kind.ts'))).userActivity,
  },
  {
    ...declaredSignIns,
    load: async () => (await loadPart(() => import('./sign-ins/kind.ts'))).signIns,
  },
];
