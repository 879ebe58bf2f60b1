/** The rules that come with Auditkeep. */
import type { Rule } from '../rule.ts';
import { complianceRules } from './compliance.ts';
import { applicationRules, protectionRules, roleRules } from './directory.ts';
import { fileRules } from './files.ts';
import { mailForwardingRules } from './mail-forwarding.ts';
import { mailboxAccessRules } from './mailbox-access.ts';
import { signInRules } from './sign-ins.ts';

/** By theme. Their ids are stored with watches: none is ever given another meaning. */
export const packRules: readonly Rule[] = [
  ...mailForwardingRules,
  ...mailboxAccessRules,
  ...roleRules,
  ...applicationRules,
  ...protectionRules,
  ...signInRules,
  ...fileRules,
  ...complianceRules,
];

const byId = new Map(packRules.map((rule) => [rule.id, rule]));

/** Undefined for an id that none of them has. */
export function packRuleOf(id: string): Rule | undefined {
  return byId.get(id);
}
