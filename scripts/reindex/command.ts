/** `auditkeep reindex`: requests that raw blobs of a tenant are indexed again. */
import type { Define } from '../command-line/context.ts';
import { day, tenantName } from '../command-line/values.ts';
import { checkDays, fromDay } from '../storage/landed-days.ts';
import { tenantIdIn } from '../storage/named-tenant.ts';
import { openStorage, reportOnStorage, storageHelp } from '../storage/storage.ts';
import { reindex } from './reindex.ts';

const help = `
Days are UTC days of landing, not of the events: records of a month landed in that month and up
to two weeks after it. New records queue behind everything that is requested: take years month by
month. The command may be repeated and interrupted.
${storageHelp}`;

export const define: Define = (command, context) => {
  command
    .description(
      'Rebuilds index rows from the container raw: requests indexing of every raw blob of a tenant, oldest first. ' +
        'Existing rows stay the same; missing ones come back.',
    )
    .argument('<tenant>', "the tenant's ID or domain", tenantName)
    .addOption(fromDay)
    .option('--to <day>', 'landed before this day (default: to the end)', day)
    .option('--dry-run', 'show how many landings each day has, and request nothing')
    .addHelpText('after', help)
    .action((named, { from, to, dryRun = false }) => {
      checkDays({ from, to });
      return reportOnStorage(context, async (settings) => {
        const tenantId = await tenantIdIn(settings, named);
        return await reindex(openStorage(settings), { tenantId, from, to, dryRun }, context.progress);
      });
    });
};
