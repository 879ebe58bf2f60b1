/** What Exchange returns in a form that Auditkeep does not know: it is neither done nor in order, and is named. */
import * as z from 'zod';
import { unreadableSettings, type UnreadableSetting } from './mailbox-plan.ts';

/** What cannot be read of mailboxes. */
export const unreadableSchema = z.object({
  what: z
    .enum(['row', ...unreadableSettings])
    .meta({ description: 'Which setting cannot be read; `row` is everything about a mailbox.' }),
  total: z.number().meta({ description: 'How many mailboxes this is about.' }),
  mailboxes: z
    .array(z.string())
    .meta({ description: 'Addresses of the first ones, as far as they are known.' }),
});
export type Unreadable = z.infer<typeof unreadableSchema>;

/** Mailboxes that are named; more are only counted. */
const maxNamed = 50;

export interface UnreadableCount {
  addRows(count: number): void;
  addSettings(mailbox: string, settings: readonly UnreadableSetting[]): void;
  groups(): Unreadable[];
  /** How many rows there are. */
  rows(): number;
}

/** @param unaudited what the list of mailboxes that are not audited had: probably the same rows, so the larger number counts */
export function countUnreadable(unaudited: { readonly unreadable: number }): UnreadableCount {
  let listed = 0;
  const rows = () => Math.max(listed, unaudited.unreadable);
  const settings = unreadableSettings.map((what): Unreadable => ({ what, total: 0, mailboxes: [] }));
  return {
    addRows: (count) => {
      listed += count;
    },
    addSettings: (mailbox, unreadable) => {
      for (const group of settings) if (unreadable.some((what) => what === group.what)) add(group, mailbox);
    },
    groups: () =>
      [{ what: 'row' as const, total: rows(), mailboxes: [] }, ...settings].filter(({ total }) => total > 0),
    rows,
  };
}

function add(group: Unreadable, mailbox: string): void {
  group.total += 1;
  if (group.mailboxes.length < maxNamed) group.mailboxes.push(mailbox);
}

/** In words, with the first addresses. */
export function describeUnreadable({ what, total, mailboxes }: Unreadable): string {
  if (what === 'row') return describeRows(total, 'mailboxes');
  const named = mailboxes.join(', ');
  const where = total > mailboxes.length ? `${named} and ${total - mailboxes.length} more` : named;
  const mailboxesInWords = total === 1 ? '1 mailbox' : `${total} mailboxes`;
  return `${what} of ${mailboxesInWords} cannot be read, so an enablement ${consequences[what]}: ${where}.`;
}

const consequences: Readonly<Record<UnreadableSetting, string>> = {
  AuditLogAgeLimit: 'leaves it as it is',
  DefaultAuditSet: 'adds only actions that it names',
};

/** Rows of a list, in words. */
export function describeRows(count: number, of: 'mailboxes' | 'bypasses'): string {
  const [rows, them] = count === 1 ? ['1 row', 'it'] : [`${count} rows`, 'them'];
  return `${rows} of ${of} cannot be read, because Exchange returned ${them} in an unknown form.`;
}
