/** What Exchange returns in a form that Auditkeep does not know: it is neither done nor in order, and is named. */
import * as z from 'zod';

/** What cannot be read of mailboxes. */
export const unreadableSchema = z.object({
  what: z.enum(['row']).meta({ description: 'Which part cannot be read: `row` is everything.' }),
  total: z.number().meta({ description: 'How many mailboxes this is about.' }),
  mailboxes: z
    .array(z.string())
    .meta({ description: 'Addresses of the first ones, as far as they are known.' }),
});
export type Unreadable = z.infer<typeof unreadableSchema>;

export interface UnreadableCount {
  addRows(count: number): void;
  groups(): Unreadable[];
  /** How many there are. */
  mailboxes(): number;
}

/** @param unaudited what the list of mailboxes that are not audited had: probably the same rows, so the larger number counts */
export function countUnreadable(unaudited: { readonly unreadable: number }): UnreadableCount {
  let rows = 0;
  const total = () => Math.max(rows, unaudited.unreadable);
  return {
    addRows: (count) => {
      rows += count;
    },
    groups: () => (total() === 0 ? [] : [{ what: 'row', total: total(), mailboxes: [] }]),
    mailboxes: total,
  };
}

/** In words. */
export function describeUnreadable({ total }: Unreadable): string {
  return describeRows(total, 'mailboxes');
}

/** Rows of a list, in words. */
export function describeRows(count: number, of: 'mailboxes' | 'bypasses'): string {
  const [rows, them] = count === 1 ? ['1 row', 'it'] : [`${count} rows`, 'them'];
  return `${rows} of ${of} cannot be read, because Exchange returned ${them} in an unknown form.`;
}
