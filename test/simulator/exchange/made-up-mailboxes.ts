/** Mailboxes for tenants that do not describe any: of directory users, or thousands generated from a seed. */

import { createRandom, type Random } from '../random.ts';
import type { SimulatedUser } from '../tenant.ts';
import { defaultActions } from './audit-actions.ts';
import { mailboxKinds, type GeneratedMailboxes, type SimulatedMailbox } from './exchange-schema.ts';

const defaultCount = 20;

/** A healthy mailbox of a directory user. */
export const mailboxOfUser = (user: SimulatedUser): SimulatedMailbox => ({
  primarySmtpAddress: user.userPrincipalName,
  displayName: user.displayName,
  directoryId: user.id,
});

/** Twenty healthy mailboxes: first of directory users, then of all kinds. */
export const defaultMailboxes = (
  users: readonly SimulatedUser[],
  domain: string,
): readonly SimulatedMailbox[] => {
  const ofUsers = users.slice(0, defaultCount).map(mailboxOfUser);
  const others = Array.from({ length: defaultCount - ofUsers.length }, (_, index) => {
    const kind = mailboxKinds[index % mailboxKinds.length] ?? 'UserMailbox';
    return { ...namesOf(kind, index + 1, domain), kind };
  });
  return [...ofUsers, ...others];
};

export const generateMailboxes = (plan: GeneratedMailboxes, domain: string): readonly SimulatedMailbox[] => {
  const random = createRandom(plan.seed);
  return mailboxKinds.flatMap((kind) =>
    Array.from({ length: plan.counts[kind] ?? 0 }, (_, index) => ({
      ...namesOf(kind, index + 1, domain),
      kind,
      ...auditOf(plan, random),
    })),
  );
};

const namesOf = (
  kind: string,
  number: number,
  domain: string,
): Pick<SimulatedMailbox, 'primarySmtpAddress' | 'displayName'> => {
  const name = kind.replace('Mailbox', '');
  const digits = String(number).padStart(5, '0');
  return {
    primarySmtpAddress: `${name.toLowerCase()}${digits}@${domain}`,
    displayName: `${name} ${digits}`,
  };
};

/** A mailbox is unaudited or trapped, never both. */
const auditOf = (plan: GeneratedMailboxes, random: Random): Partial<SimulatedMailbox> => {
  const draw = random.next();
  const auditEnabled = draw >= plan.unaudited;
  const trapped = auditEnabled && draw < plan.unaudited + plan.trapped;
  const customized = random.chance(plan.customized);
  return {
    auditEnabled,
    foundAsAudited: auditEnabled && !trapped,
    bypassed: random.chance(plan.bypassed),
    ...(customized
      ? {
          auditOwner: [...defaultActions.Owner, 'MailboxLogin'],
          defaultAuditSet: ['Admin', 'Delegate'] as const,
        }
      : {}),
  };
};
