/** All acts. Of one operation, the first act whose condition holds counts: what is more particular comes first. */
import { groupBy } from '../group-by.ts';
import type { Act, Acts } from './act.ts';
import { accessPolicyActs } from './acts/access-policies.ts';
import { accountActs } from './acts/accounts.ts';
import { alertActs } from './acts/alerts.ts';
import { applicationActs } from './acts/applications.ts';
import { auditingActs } from './acts/auditing.ts';
import { dataProtectionActs } from './acts/data-protection.ts';
import { exchangeSettingActs } from './acts/exchange-settings.ts';
import { fileActs } from './acts/files.ts';
import { folderActs } from './acts/folders.ts';
import { inboxRuleActs } from './acts/inbox-rules.ts';
import { investigationActs } from './acts/investigations.ts';
import { mailFlowActs } from './acts/mail-flow.ts';
import { mailboxItemActs } from './acts/mailbox-items.ts';
import { mailboxActs } from './acts/mailboxes.ts';
import { powerPlatformActs } from './acts/power-platform.ts';
import { protectionActs } from './acts/protection.ts';
import { roleActs } from './acts/roles.ts';
import { sharingActs } from './acts/sharing.ts';
import { signInActs } from './acts/sign-ins.ts';
import { teamsActs } from './acts/teams.ts';
import { normalOperation } from './operation-name.ts';

export const acts = {
  ...auditingActs,
  ...mailboxActs,
  ...folderActs,
  ...inboxRuleActs,
  ...mailFlowActs,
  ...protectionActs,
  ...roleActs,
  ...applicationActs,
  ...accessPolicyActs,
  ...accountActs,
  ...signInActs,
  ...mailboxItemActs,
  ...fileActs,
  ...sharingActs,
  ...investigationActs,
  ...dataProtectionActs,
  ...alertActs,
  ...teamsActs,
  ...powerPlatformActs,
  ...exchangeSettingActs,
} as const satisfies Acts;

export type ActName = keyof typeof acts;

interface NamedAct {
  readonly name: ActName;
  readonly act: Act;
}

export const actNames: readonly ActName[] = Object.keys(acts).filter(isActName);

function isActName(name: string): name is ActName {
  return Object.hasOwn(acts, name);
}

const named: readonly NamedAct[] = actNames.map((name) => ({ name, act: acts[name] }));
const byOperation: ReadonlyMap<string, readonly NamedAct[]> = new Map([
  ...groupBy(
    named.flatMap(({ name, act }) => act.operations.map((operation) => ({ name, act, operation }))),
    ({ operation }) => normalOperation(operation),
  ),
]);

/** The acts that records of the operation may mean. */
export function actsOf(operation: string): readonly NamedAct[] {
  return byOperation.get(normalOperation(operation)) ?? [];
}
