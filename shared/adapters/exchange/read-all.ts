/** Lists of Exchange, whose pages expire. */
import type * as z from 'zod';
import { UpstreamError } from '../../errors.ts';
import type { Cmdlet, CmdletName } from './cmdlets.ts';
import { pageExpired } from './exchange-errors.ts';
import type { Exchange } from './invoke-command.ts';

/** How often a list is read from its start without reaching further than before. */
const vainReadings = 3;

interface Page<T> {
  readonly rows: readonly T[];
  readonly unreadable: number;
}

/**
 * Page by page, each row once. A list that expires is read from its start again as long as that reaches further. Rows
 * in an unknown form hold back no others: their number comes after the last page, for they have no id to know them by
 * when the list is read again.
 *
 * Where no next link ever works, this ends with an error that says what to do by hand; there is no safe way around it.
 * Slices by a filter (first letters, ranges of dates or ids) would be complete only if Exchange compares as assumed, in
 * its own collation and time zone, and a wrong slice omits mailboxes without a sign. Reading only those that are not
 * audited would reach each of them, but not those whose age limit or actions alone are wrong.
 * @throws UpstreamError `ExchangePagesRefused`
 */
export async function* readAll<T extends { readonly id: string }>(
  exchange: Exchange,
  cmdlet: Cmdlet,
  row: z.ZodType<T>,
): AsyncGenerator<Page<T>> {
  const seen = new Set<string>();
  for (let vain = 0; vain < vainReadings; vain++) {
    const before = seen.size;
    let unreadable = 0;
    try {
      for await (const page of exchange.pages(cmdlet)) {
        const rows = page.flatMap((value) => row.safeParse(value).data ?? []);
        unreadable += page.length - rows.length;
        const fresh = rows.filter(({ id }) => !seen.has(id));
        for (const { id } of fresh) seen.add(id);
        yield { rows: fresh, unreadable: 0 };
      }
      if (unreadable > 0) yield { rows: [], unreadable };
      return;
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.code !== pageExpired) throw error;
      if (seen.size > before) vain = 0;
    }
  }
  throw new UpstreamError('fail', 'ExchangePagesRefused', pagesRefused(cmdlet.name, seen.size));
}

function pagesRefused(cmdlet: CmdletName, rows: number): string {
  const refused = `Exchange returned ${rows} rows of ${cmdlet} and refused the rest: each time, the next page had expired.`;
  const instead = cmdlet === 'Get-Mailbox' ? 'Name mailboxes or a filter that finds fewer, or do' : 'Do';
  return `${refused} ${instead} it by hand.`;
}
