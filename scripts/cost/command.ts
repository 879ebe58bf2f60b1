/** `auditkeep cost`: estimates what Auditkeep costs a month, from measured operations and dated prices. */
import * as z from 'zod';
import type { Define } from '../command-line/context.ts';
import { parsedBy, wholeNumber } from '../command-line/values.ts';
import { billOf } from './bill.ts';
import { defaults, memorySizes } from './inputs.ts';
import { prices } from './prices.ts';
import { toTable } from './report.ts';

const sizes = memorySizes.join(', ');
const size = z
  .string()
  .transform(Number)
  .pipe(z.literal(memorySizes, `Must be one of ${sizes}.`));

export const define: Define = (command, context) => {
  command
    .description(
      'Estimates what Auditkeep costs a month, in US dollars at list prices. docs/cost.md explains how.',
    )
    .option('--tenants <n>', 'tenants', wholeNumber(0, 100_000), defaults.tenants)
    .option('--records-per-day <n>', 'of each tenant', wholeNumber(0, 1_000_000_000), defaults.recordsPerDay)
    .option('--mailboxes <n>', 'of each tenant', wholeNumber(0, 10_000_000), defaults.mailboxes)
    .option('--retention-days <n>', 'how long records are kept', wholeNumber(1, 3650), defaults.retentionDays)
    .option(
      '--queries-per-day <n>',
      'pages, of all tenants',
      wholeNumber(0, 1_000_000_000),
      defaults.queriesPerDay,
    )
    .option('--memory <mb>', `of an instance: ${sizes}`, parsedBy(size), defaults.memory)
    .option('--private-endpoints <n>', 'private endpoints', wholeNumber(0, 100), defaults.privateEndpoints)
    .option('--feed-webhook', 'Microsoft announces new content: see docs/feed-webhook.md')
    .action(({ feedWebhook = defaults.feedWebhook, ...others }) => {
      const inputs = { ...others, feedWebhook };
      const bill = billOf(inputs);
      const answer = { inputs, pricesAsOf: prices.asOf, ...bill };
      context.report({ exitCode: 0, answer, text: toTable(inputs, bill) });
    });
};
