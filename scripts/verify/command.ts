/** `auditkeep verify`: compares everything that storage holds of a tenant, without the app. */
import type { Define } from '../command-line/context.ts';
import { UsageError } from '../command-line/failure.ts';
import { day, tenantName, text, wholeNumber } from '../command-line/values.ts';
import { checkDays, fromDay } from '../storage/landed-days.ts';
import { tenantIdIn } from '../storage/named-tenant.ts';
import { reportOnStorage, storageHelp } from '../storage/storage.ts';
import { verify } from './verify.ts';

const help = `
Days are UTC days of landing. Tenants with more than 1,000 landings are verified by a sample of
about 200 unless you say --full: the whole chain and ledger, and every raw blob by name, but only
some of them line by line. Nothing is changed, and the roles of a reader are enough. Exit code 1:
something differs; docs/operations.md (Verification) says what to do about each kind.
${storageHelp}`;

const maxSample = 100_000;

export const define: Define = (command, context) => {
  command
    .description(
      'Compares the ledger, the raw blobs, the chain of landings, and the index of a tenant, record by record, ' +
        'and names each difference.',
    )
    .argument('<tenant>', "the tenant's ID or domain", tenantName)
    .addOption(fromDay)
    .option('--to <day>', 'landed before this day (default: until 15 minutes ago)', day)
    .option('--full', 'read all landings, however many there are')
    .option('--sample <number>', 'read about so many landings', wholeNumber(1, maxSample))
    .option('--seed <text>', 'select the sample of an earlier verification', text)
    .addHelpText('after', help)
    .action((named, { from, to, full, sample, seed }) => {
      checkDays({ from, to });
      if (full === true && sample !== undefined)
        throw new UsageError('--full and --sample exclude each other');
      const mode = full === true ? 'full' : sample === undefined ? undefined : 'sample';
      return reportOnStorage(context, async (settings) => {
        const tenantId = await tenantIdIn(settings, named);
        const wanted = { tenantId, mode, sampleSize: sample, seed, from, to } as const;
        return await verify(settings, wanted, context);
      });
    });
};
