/** Mailboxes that do not audit all of what Microsoft audits by default. */
import * as z from 'zod';
import { logonTypes, type LogonType, type Mailbox } from './exchange-admin.ts';
import { defaultActionsOf, missingFrom } from './mailbox-actions.ts';

/** Mailboxes that lack the same actions for the same logon type. */
export const lackingDefaultsSchema = z.object({
  logonType: z.enum(logonTypes).meta({ description: 'Who acts on the mailbox.' }),
  actions: z.array(z.string()).meta({ description: "What is missing of Microsoft's default set." }),
  managedByMicrosoft: z
    .boolean()
    .optional()
    .meta({
      description:
        'The list is the one that Microsoft manages, so a license is missing rather than a setting. Absent when that ' +
        'cannot be read.',
    }),
  total: z.number().meta({ description: 'How many mailboxes lack these actions.' }),
  mailboxes: z.array(z.string()).meta({ description: 'Addresses of the first ones.' }),
});
export type LackingDefaults = z.infer<typeof lackingDefaultsSchema>;

/** Mailboxes that are named; more are only counted. */
const maxNamed = 200;
/** Combinations that are listed, the most frequent first. */
const maxGroups = 50;

export interface LackingDefaultsCount {
  add(mailbox: Mailbox): void;
  /** The most frequent first. */
  groups(): LackingDefaults[];
}

/** Groups mailboxes one by one, in memory bounded by the number of combinations. */
export function countLackingDefaults(): LackingDefaultsCount {
  const groups = new Map<string, LackingDefaults>();
  const addTo = (mailbox: Mailbox, logonType: LogonType, actions: readonly string[]): void => {
    const managedByMicrosoft = mailbox.managedByMicrosoft?.includes(logonType);
    const key = [logonType, managedByMicrosoft, ...actions].join(' ');
    const group = groups.get(key) ?? {
      logonType,
      actions: [...actions],
      ...(managedByMicrosoft === undefined ? {} : { managedByMicrosoft }),
      total: 0,
      mailboxes: [],
    };
    group.total += 1;
    if (group.mailboxes.length < maxNamed) group.mailboxes.push(mailbox.userPrincipalName);
    groups.set(key, group);
  };
  return {
    add: (mailbox) => {
      for (const type of logonTypes) {
        const lacking = missingFrom(mailbox.actions[type], defaultActionsOf(type));
        if (lacking.length > 0) addTo(mailbox, type, lacking);
      }
    },
    groups: () => shortened([...groups.values()]),
  };
}

/** At most {@link maxGroups} groups with {@link maxNamed} names in all. */
function shortened(groups: readonly LackingDefaults[]): LackingDefaults[] {
  let left = maxNamed;
  const largestFirst = groups.toSorted((one, other) => other.total - one.total).slice(0, maxGroups);
  return largestFirst.map((group) => {
    const mailboxes = group.mailboxes.toSorted().slice(0, left);
    left -= mailboxes.length;
    return { ...group, mailboxes };
  });
}

/** In words, with the first addresses. */
export function describeLacking({
  logonType,
  actions,
  managedByMicrosoft,
  total,
  mailboxes,
}: LackingDefaults): string {
  const named = mailboxes.slice(0, mostInText).join(', ');
  const where = total > mostInText ? `${named} and ${total - mostInText} more` : named;
  const lacking = `${actions.join(', ')} (${logonType}) of Microsoft's default set`;
  return `${total === 1 ? 'A mailbox does' : `${total} mailboxes do`} not audit ${lacking}: ${where}. ${cureOf(managedByMicrosoft)}`;
}

function cureOf(managedByMicrosoft: boolean | undefined): string {
  if (managedByMicrosoft === true) return 'The list is the one that Microsoft manages: check the licenses.';
  if (managedByMicrosoft === false) return 'Start an enablement.';
  const unless = 'an enablement leaves it alone unless it names actions.';
  return `It cannot be read whether Microsoft manages the list: ${unless}`;
}

const mostInText = 3;
